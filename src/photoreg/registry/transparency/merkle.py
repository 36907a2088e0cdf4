"""The Merkle tree over the log (RFC 6962, section 2.1): its head and its proofs.

Everything is computed from a stream of leaf hashes: each part of the tree that is asked for is
folded as its leaves pass, so that memory grows with the height of the tree only.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

Span = tuple[int, int]
"""The first leaf of a part of the tree, and the leaf after its last one."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node with two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""


class Frontier:
    """A growing tree, of which only the roots of its complete subtrees are kept."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        self._roots.append(leaf)
        self.size += 1
        completed = self.size
        while completed % 2 == 0:  # the last two subtrees are of one size
            right = self._roots.pop()
            self._roots[-1] = node_hash(self._roots[-1], right)
            completed //= 2

    def root(self) -> bytes:
        """Return the root of the tree as it is now."""
        return _fold(self._roots) if self._roots else EMPTY_ROOT


def _fold(roots: Sequence[bytes]) -> bytes:
    *larger, folded = roots
    for left in reversed(larger):
        folded = node_hash(left, folded)
    return folded


def heads(leaves: Iterable[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """Return the root of the tree at each of these sizes that the log has reached."""
    wanted, tree = set(sizes), Frontier()
    found = {0: EMPTY_ROOT} if 0 in wanted else {}
    for leaf in islice(leaves, max(wanted, default=0)):
        tree.add(leaf)
        if tree.size in wanted:
            found[tree.size] = tree.root()
    return found


def inclusion_proof(leaves: Iterable[bytes], index: int, size: int) -> list[bytes]:
    """Return the proof that the tree of this size holds the leaf, from its sibling to the root."""
    if not 0 <= index < size:
        raise ValueError(index)
    return _hashes_of(leaves, list(_path(index, (0, size))))


def consistency_proof(leaves: Iterable[bytes], old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of the new size begins with that of the old size."""
    if not 0 <= old <= new:
        raise ValueError(old)
    spans = _subproof(old, (0, new), is_whole=True) if 0 < old < new else ()
    return _hashes_of(leaves, list(spans))


def _path(index: int, tree: Span) -> Iterator[Span]:
    first, end = tree
    if end - first == 1:
        return
    middle = _middle(tree)
    if index < middle:
        yield from _path(index, (first, middle))
        yield middle, end
    else:
        yield from _path(index, (middle, end))
        yield first, middle


def _subproof(old: int, tree: Span, *, is_whole: bool) -> Iterator[Span]:
    """Yield the parts that prove it; `is_whole`: the reader knows the hash of this part already."""
    first, end = tree
    if old == end:
        if not is_whole:
            yield tree
        return
    middle = _middle(tree)
    if old <= middle:
        yield from _subproof(old, (first, middle), is_whole=is_whole)
        yield middle, end
    else:
        yield from _subproof(old, (middle, end), is_whole=False)
        yield first, middle


def _middle(tree: Span) -> int:
    """Return where the right child begins: after the largest power of two that leaves some."""
    first, end = tree
    return first + (1 << (end - first - 1).bit_length() - 1)


def _hashes_of(leaves: Iterable[bytes], spans: Sequence[Span]) -> list[bytes]:
    """Return the root of each part, in the order given; the leaves are read once."""
    rest, position, found = iter(leaves), 0, {}
    for first, end in sorted(spans):
        part = Frontier()
        for leaf in islice(rest, first - position, end - position):
            part.add(leaf)
        if part.size != end - first:
            raise ValueError(end)
        found[first, end], position = part.root(), end
    return [found[span] for span in spans]


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to; None when it cannot be one.

    Follows RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    number, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if number % 2 or number == last:
            root = node_hash(sibling, root)
            while number % 2 == 0 and number:
                number, last = number // 2, last // 2
        else:
            root = node_hash(root, sibling)
        number, last = number // 2, last // 2
    return root if last == 0 else None


def is_consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether a proof shows that the new tree begins with the old one.

    Follows RFC 9162, section 2.1.4.2.
    """
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    number, last = old - 1, new - 1
    while number % 2:
        number, last = number // 2, last // 2
    ours = theirs = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if number % 2 or number == last:
            ours, theirs = node_hash(sibling, ours), node_hash(sibling, theirs)
            while number % 2 == 0 and number:
                number, last = number // 2, last // 2
        else:
            theirs = node_hash(theirs, sibling)
        number, last = number // 2, last // 2
    return last == 0 and (ours, theirs) == (old_root, new_root)
