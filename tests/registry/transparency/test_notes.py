"""Signed notes, public keys and checkpoints: published vectors, and everything that is damaged."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoreg.errors import InputDataError
from photoreg.registry.transparency.checkpoints import (
    Checkpoint,
    SignedCheckpoint,
    cosign,
    cosigned_at,
    parse_checkpoint,
    sign,
    verify_signatures,
)
from photoreg.registry.transparency.keys import is_signature, new_key
from photoreg.registry.transparency.notes import (
    KeyType,
    NoteSignature,
    VerifierKey,
    parse_note,
    parse_verifier_key,
)

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETERS_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb"
    "6KE6RyyBwJnAM=\n"
)
"""The vector of golang.org/x/mod/sumdb/note."""

EXAMPLE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLES_NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONnc"
    "AlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
"""The vector of c2sp.org/signed-note."""

GO_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_CHECKPOINT = (
    "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+"
    "zyWE+xeMcTOAYQ8=\n"
)
"""A checkpoint of the checksum database of Go."""

CT_KEY = (
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
)
WITNESS_KEY = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
CT_CHECKPOINT = (
    "arche2025h1.staging.ct.transparency.dev\n1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n"
    "— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3N"
    "ygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2r"
    "hIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n"
    "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sX"
    "Tynk5XeU/zZ0WBxtqB0DrAWfBw==\n"
)
"""A checkpoint of a log of Certificate Transparency, with the cosignatures of two witnesses."""

AT = datetime(2026, 11, 30, 3, 30, tzinfo=UTC)
LOG = new_key("photoreg.kunta/1", KeyType.NOTE)
AUDITOR = new_key("photoreg.kunta/tarja", KeyType.COSIGNATURE)
CHECKPOINT = Checkpoint("photoreg.kunta/1", 12, bytes(range(32)))


@pytest.mark.parametrize("text", [PETER, EXAMPLE, GO_KEY, CT_KEY, WITNESS_KEY])
def test_a_public_key_is_read_and_written_as_published(text: str) -> None:
    assert str(parse_verifier_key(text)) == text


@pytest.mark.parametrize(
    ("text", "key"), [(PETERS_TEXT + "\n" + PETERS_LINE, PETER), (EXAMPLES_NOTE, EXAMPLE)]
)
def test_a_published_note_is_verified_and_written_as_it_was(text: str, key: str) -> None:
    note, public = parse_note(text), parse_verifier_key(key)
    signature = note.signature_by(public)
    assert signature is not None
    assert is_signature(public, signature.content, note.text.encode())
    assert not is_signature(public, signature.content, note.text.upper().encode())
    assert str(note) == text


def test_a_checkpoint_of_another_log_is_verified() -> None:
    signed, key = parse_checkpoint(GO_CHECKPOINT), parse_verifier_key(GO_KEY)
    assert signed.checkpoint.size == 20852163
    signature = signed.note.signature_by(key)
    assert signature is not None
    assert is_signature(key, signature.content, signed.note.text.encode())


def test_the_cosignature_of_a_witness_is_verified_with_its_time() -> None:
    signed = parse_checkpoint(CT_CHECKPOINT)
    log, witness = parse_verifier_key(CT_KEY), parse_verifier_key(WITNESS_KEY)
    assert witness.type is KeyType.COSIGNATURE
    key, [cosigned] = verify_signatures(signed, [log], [witness])
    assert (key, cosigned.key) == (log, witness)
    assert cosigned.at == datetime.fromtimestamp(0x6A122120, UTC)


def test_one_letter_of_a_published_checkpoint_changed_is_found() -> None:
    signed = parse_checkpoint(CT_CHECKPOINT.replace("1432088532", "1432088533"))
    log, witness = parse_verifier_key(CT_KEY), parse_verifier_key(WITNESS_KEY)
    with pytest.raises(InputDataError, match="was changed after it was signed"):
        verify_signatures(signed, [log])
    signature = signed.note.signature_by(witness)
    assert signature is not None
    with pytest.raises(InputDataError, match="was changed after it was signed"):
        cosigned_at(signed.note, witness, signature)


def test_no_part_of_a_public_key_and_no_mistyped_one_is_taken() -> None:
    parts = {PETER[i:j] for i in range(len(PETER)) for j in range(i, len(PETER) + 1)} - {PETER}
    mistyped = {PETER[:i] + chr(ord(PETER[i]) + 1) + PETER[i + 1 :] for i in range(len(PETER))}
    for wrong in parts | mistyped:
        with pytest.raises(InputDataError, match="is not a public key"):
            parse_verifier_key(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Å+++",
        PETER.replace("Peter", "\udcff"),
    ],
)
def test_a_public_key_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(InputDataError, match="is not a public key"):
        parse_verifier_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        PETERS_TEXT,
        PETERS_TEXT + "\n",
        PETERS_TEXT + "\n" + PETERS_LINE.removesuffix("\n"),
        "\x01" + PETERS_TEXT + "\n" + PETERS_LINE,
        PETERS_TEXT + "\n" + PETERS_LINE.replace("PeterNeumann", "Bad Name"),
        PETERS_TEXT + "\n" + PETERS_LINE + "Unexpected line.\n",
        PETERS_TEXT + "\n" + PETERS_LINE.replace("x08go", "x08g"),
        PETERS_TEXT + "\n— PeterNeumann x08gow==\n",
        PETERS_TEXT + "\n" + PETERS_LINE * 101,
        "x" * 100_000 + "\n\n" + PETERS_LINE,
        "\udcff\n\n" + PETERS_LINE,
    ],
    ids=range(12),
)
def test_a_damaged_note_is_refused(text: str) -> None:
    with pytest.raises(InputDataError, match="the anchor is damaged"):
        parse_note(text)


@pytest.mark.parametrize(
    "text",
    [
        "photoreg.kunta/1\n12\n",
        "photoreg.kunta/1\n012\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "photoreg.kunta/1\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "photoreg.kunta/1\n1\nAAAA\n",
        "photoreg.kunta/1\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "photoreg.kunta/1\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nmore\n",
        "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    ],
    ids=range(7),
)
def test_a_note_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InputDataError, match="the anchor is damaged"):
        parse_checkpoint(f"{text}\n{PETERS_LINE}")


def signed_by_both() -> SignedCheckpoint:
    return parse_checkpoint(str(cosign(sign(CHECKPOINT, LOG), AUDITOR, AT)))


def test_what_both_have_signed_is_verified_and_their_keys_are_of_their_kinds() -> None:
    signed = signed_by_both()
    key, [cosigned] = verify_signatures(signed, [LOG.public], [AUDITOR.public])
    assert (key, cosigned.key, cosigned.at) == (LOG.public, AUDITOR.public, AT)
    assert signed.checkpoint == CHECKPOINT
    for swapped in (
        VerifierKey(LOG.public.name, KeyType.COSIGNATURE, LOG.public.public),
        VerifierKey(AUDITOR.public.name, KeyType.NOTE, AUDITOR.public.public),
    ):
        assert signed.note.signature_by(swapped) is None


def test_a_signature_by_nobody_known_and_a_missing_one_are_distinguished() -> None:
    signed = parse_checkpoint(str(sign(CHECKPOINT, LOG)))
    stranger = new_key(LOG.public.name, KeyType.NOTE)
    with pytest.raises(InputDataError, match="is not signed by a key that is known here"):
        verify_signatures(signed, [stranger.public])
    with pytest.raises(InputDataError, match=r"lacks the signature of photoreg\.kunta/tarja"):
        verify_signatures(signed, [LOG.public], [AUDITOR.public])


def test_an_unknown_signature_is_ignored_even_under_a_known_name() -> None:
    stranger = NoteSignature(LOG.public.name, b"abcd", bytes(64))
    signed = parse_checkpoint(str(sign(CHECKPOINT, LOG).with_signature(stranger)))
    assert verify_signatures(signed, [LOG.public])[0] == LOG.public


def test_the_time_of_a_cosignature_cannot_be_changed() -> None:
    note = signed_by_both().note
    signature = note.signatures[1]
    later = NoteSignature(
        signature.name, signature.key_id, b"\x00" * 7 + b"\x01" + signature.content[8:]
    )
    endless = NoteSignature(signature.name, signature.key_id, b"\xff" * 72)
    for wrong in (later, endless, NoteSignature(signature.name, signature.key_id, b"x")):
        with pytest.raises(InputDataError, match="was changed after it was signed"):
            cosigned_at(note, AUDITOR.public, wrong)


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_one_flipped_bit_anywhere_is_found(place: int, bit: int) -> None:
    data = bytearray(str(signed_by_both().note).encode())
    data[place % len(data)] ^= 1 << bit
    try:
        flipped = parse_checkpoint(data.decode())
        verify_signatures(flipped, [LOG.public], [AUDITOR.public])
    except (InputDataError, UnicodeDecodeError):
        return
    raise AssertionError(data)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    for given_text in (
        text,
        f"{text}\n\n{text}",
        f"{text}\n\n{PETERS_LINE}",
        f"a\n{text}\n\n— b {text}\n",
    ):
        try:
            parse_checkpoint(given_text)
        except InputDataError as error:
            assert "the anchor is damaged" in str(error)  # noqa: PT017 - most texts are refused


def test_the_key_id_is_as_the_standard_says() -> None:
    assert parse_verifier_key(PETER).id.hex() == "c74f20a3"
    assert base64.b64decode(PETER.partition("+")[2].partition("+")[2])[0] == KeyType.NOTE
