"""Decides which findings stop a publication: all but duty telephones and what two people let through."""

import hmac
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from portal.privacy.found import Found
from portal.rules.privacy import Finding, digits_of, folded, is_allowed

_PURPOSE = b"privacy-override"
"""Keeps these hashes apart from whatever else the installation's key signs."""


def digest_of(finding: Finding, key: bytes) -> str:
    """The keyed hash by which a finding is known again; without the key it tells nothing."""
    content = b"\0".join([_PURPOSE, finding.kind.value.encode(), finding.text.encode()])
    return hmac.new(key, content, "sha256").hexdigest()


@dataclass(frozen=True)
class Keeper:
    """The gate of one county. ``phones``: duty telephones, digits only. ``granted``: digests let through."""

    phones: frozenset[str]
    granted: frozenset[str]
    key: bytes

    @classmethod
    def of(cls, phones: Collection[str], granted: Collection[str], key: bytes) -> "Keeper":
        """A keeper for telephones as they are written."""
        digits = frozenset(digits_of(folded(phone)) for phone in phones)
        return cls(digits, frozenset(granted), key)

    def stopped(self, found: Iterable[Found]) -> list[Found]:
        """What stands in the way."""
        return [one for one in found if not self._passes(one.finding)]

    def _passes(self, finding: Finding) -> bool:
        return is_allowed(finding, self.phones) or digest_of(finding, self.key) in self.granted
