"""The Merkle tree of the log: published vectors, and what holds for every size."""

import hashlib
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoreg.registry.transparency.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    heads,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    node_hash,
    root_by_inclusion,
)

DATA = (
    *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The leaves, and the root after each, of the reference implementation of RFC 6962."""

NODE_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
NODE_23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
NODE_4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
NODE_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
NODE_45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
NODE_67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"

LEAVES = tuple(leaf_hash(bytes.fromhex(data)) for data in DATA)


def hexed(hashes: Sequence[bytes]) -> list[str]:
    return [each.hex() for each in hashes]


def numbered(size: int) -> Iterator[bytes]:
    """Return the hashes of leaves that hold their numbers."""
    return (leaf_hash(str(number).encode()) for number in range(size))


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """Return the root as RFC 6962, section 2.1, defines it."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(by_definition(leaves[:half]), by_definition(leaves[half:]))


def test_the_roots_are_those_that_are_published() -> None:
    found = heads(LEAVES, range(9))
    assert found[0] == EMPTY_ROOT
    assert hexed([found[size] for size in range(1, 9)]) == list(ROOTS)


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (0, 8, [NODE_1, NODE_23, NODE_4567]),
        (5, 8, [NODE_4, NODE_67, ROOTS[3]]),
        (2, 3, [ROOTS[1]]),
        (1, 5, [ROOTS[0], NODE_23, NODE_4]),
    ],
)
def test_an_inclusion_proof_is_the_published_one(index: int, size: int, proof: list[str]) -> None:
    assert hexed(inclusion_proof(LEAVES, index, size)) == proof


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (1, 1, []),
        (1, 8, [NODE_1, NODE_23, NODE_4567]),
        (6, 8, [NODE_45, NODE_67, ROOTS[3]]),
        (2, 5, [NODE_23, NODE_4]),
    ],
)
def test_a_consistency_proof_is_the_published_one(old: int, new: int, proof: list[str]) -> None:
    assert hexed(consistency_proof(LEAVES, old, new)) == proof


def test_the_proofs_of_the_example_in_the_standard() -> None:
    """RFC 6962, section 2.1.3: seven leaves d0 to d6, with the nodes it names."""
    a, b, c, d, e, f, j = list(numbered(7))
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, m = node_hash(g, h), node_hash(i, j)
    leaves = (a, b, c, d, e, f, j)
    assert inclusion_proof(leaves, 0, 7) == [b, h, m]
    assert inclusion_proof(leaves, 3, 7) == [c, g, m]
    assert inclusion_proof(leaves, 4, 7) == [f, j, k]
    assert inclusion_proof(leaves, 6, 7) == [i, k]
    assert consistency_proof(leaves, 3, 7) == [c, d, g, m]
    assert consistency_proof(leaves, 4, 7) == [m]
    assert consistency_proof(leaves, 6, 7) == [i, j, k]


SIZES = range(1, 34)


@pytest.mark.parametrize("size", SIZES)
def test_every_entry_is_proven_in_a_tree_of_any_size(size: int) -> None:
    leaves = list(numbered(size))
    root = by_definition(leaves)
    assert heads(leaves, {size}) == {size: root}
    for index, leaf in enumerate(leaves):
        proof = inclusion_proof(iter(leaves), index, size)
        assert root_by_inclusion(leaf, index, size, proof) == root
        assert root_by_inclusion(leaf_hash(b"another"), index, size, proof) != root
        for wrong in {*range(size)} - {index}:
            assert root_by_inclusion(leaf, wrong, size, proof) != root
        assert root_by_inclusion(leaf, index, size, [*proof, root]) != root
        assert not proof or root_by_inclusion(leaf, index, size, proof[:-1]) != root


@pytest.mark.parametrize("new", SIZES)
def test_a_log_that_has_grown_is_consistent_with_every_earlier_one(new: int) -> None:
    leaves = list(numbered(new))
    roots = heads(leaves, range(new + 1))
    for old in range(new + 1):
        proof = consistency_proof(iter(leaves), old, new)
        assert is_consistent(old, roots[old], new, roots[new], proof)
        assert not is_consistent(old, leaf_hash(b"another"), new, roots[new], proof)
        assert not is_consistent(old, roots[old], new, leaf_hash(b"another"), proof) or old == 0
        assert not is_consistent(old, roots[old], new, roots[new], [*proof, roots[1]])
        assert not proof or not is_consistent(old, roots[old], new, roots[new], proof[:-1])


@given(
    size=st.integers(2, 200),
    changed=st.integers(0, 199),
    old=st.integers(1, 199),
)
def test_a_log_with_a_changed_entry_has_no_consistency_proof(
    size: int, changed: int, old: int
) -> None:
    old, changed = 1 + old % (size - 1), changed % size
    before = list(numbered(size))
    after = [*before]
    after[changed] = leaf_hash(b"changed")
    was, now = heads(before, {old})[old], heads(after, {size})[size]
    proof = consistency_proof(after, old, size)
    assert is_consistent(old, was, size, now, proof) is (changed >= old)


@given(
    index=st.integers(0, 9),
    size=st.integers(0, 10),
    proof=st.lists(st.binary(min_size=32, max_size=32), max_size=6),
)
def test_what_somebody_makes_up_proves_nothing(index: int, size: int, proof: list[bytes]) -> None:
    root = heads(numbered(10), {10})[10]
    assert root_by_inclusion(leaf_hash(b"made up"), index, size, proof) != root
    assert not is_consistent(index, leaf_hash(b"made up"), 10, root, proof) or index == 0


def test_what_is_asked_of_a_log_that_is_too_short_is_an_error() -> None:
    assert heads(numbered(3), {2, 5}) == {2: heads(numbered(2), {2})[2]}
    for wrong in (-1, 3):
        with pytest.raises(ValueError, match=str(wrong)):
            inclusion_proof(numbered(3), wrong, 3)
    with pytest.raises(ValueError, match="4"):
        consistency_proof(numbered(3), 4, 3)
    with pytest.raises(ValueError, match="4"):
        inclusion_proof(numbered(3), 0, 5)


def test_only_the_roots_of_complete_subtrees_are_kept_in_memory() -> None:
    tree = Frontier()
    for leaf in numbered(1023):
        tree.add(leaf)
    assert len(vars(tree)["_roots"]) == 10
