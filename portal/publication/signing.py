"""The county's signature: its private key lies beside the data, never in the database or a backup of it."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app

from portal import config
from public_site.unpack import fingerprint

KEY_FILE = "bundle.key"


def sign(content: bytes) -> bytes:
    """The Ed25519 signature of the content."""
    return _private().sign(content)


def public_key() -> str:
    """What the outside machine needs, as PEM."""
    pem = _private().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def key_fingerprint() -> str:
    """The public key's digest in groups, to be compared on the telephone."""
    return fingerprint(_private().public_key())


def _private() -> Ed25519PrivateKey:
    """Any 32 random bytes are a private key; they are made on first use."""
    seed = config.key(current_app.config["INSTANCE"], KEY_FILE)
    return Ed25519PrivateKey.from_private_bytes(seed)
