"""The verifier that goes with an export agrees with the libraries that it does without."""

import hashlib
import json
import math

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.session.chain import _L, canonical, verify_signature

#: RFC 8032, section 7.1, tests 1 to 3: public key, message, signature
RFC_8032 = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


def test_signatures_of_the_standard_are_verified() -> None:
    for public, message, signature in RFC_8032:
        assert verify_signature(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))


@settings(max_examples=15, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=80), at=st.integers(0, 511))
def test_it_takes_what_the_library_signs_and_nothing_with_a_bit_changed(seed: bytes, message: bytes, at: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert verify_signature(public, signature, message)
    changed = bytearray(signature)
    changed[at // 8] ^= 1 << at % 8
    assert not verify_signature(public, bytes(changed), message)
    assert not verify_signature(public, signature, message + b"!")


@settings(max_examples=25, deadline=None)
@given(public=st.binary(min_size=32, max_size=32), signature=st.binary(min_size=64, max_size=64))
def test_it_refuses_whatever_the_library_refuses(public: bytes, signature: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, b"message")
        accepted = True
    except InvalidSignature:
        accepted = False
    assert verify_signature(public, signature, b"message") == accepted


def test_a_signature_cannot_be_written_in_a_second_way() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature = private.sign(b"one")
    scalar = int.from_bytes(signature[32:], "little") + _L
    again = signature[:32] + scalar.to_bytes(math.ceil(scalar.bit_length() / 8), "little")
    assert not verify_signature(private.public_key().public_bytes_raw(), again, b"one")


def test_lengths_that_no_signature_has_are_refused() -> None:
    assert not verify_signature(b"", b"", b"")


def test_the_canonical_text_is_that_of_rfc_8785() -> None:
    text = canonical({"b": ["é", 'a"\n\x01'], "a": None, "c": True, "d": 12})
    assert text == '{"a":null,"b":["é","a\\"\\n\\u0001"],"c":true,"d":12}'.encode()


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())))
def test_equal_values_have_one_text_in_whatever_order(value: dict[str, object]) -> None:
    backwards = dict(reversed(list(value.items())))
    assert hashlib.sha256(canonical(value)).digest() == hashlib.sha256(canonical(backwards)).digest()
    assert json.loads(canonical(value)) == value
