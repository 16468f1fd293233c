"""What may not leave the county: private numbers and lists of households (个人信息保护法第二十五条).

``numbers`` finds identity numbers, telephones, bank accounts and mail addresses in text, ``households``
finds lists of people in tables and in running text, ``people`` knows how a person's name looks and how it
is masked.
What only looks similar - amounts, dates, document numbers, project codes, unit codes - passes.
"""

from portal.rules.privacy.findings import Finding, Private, digits_of, is_allowed
from portal.rules.privacy.households import listed_in_rows, listed_in_text
from portal.rules.privacy.numbers import folded, lossy_number, private_data
from portal.rules.privacy.people import masked_name, names_an_organization

__all__ = [
    "Finding",
    "Private",
    "digits_of",
    "folded",
    "is_allowed",
    "listed_in_rows",
    "listed_in_text",
    "lossy_number",
    "masked_name",
    "names_an_organization",
    "private_data",
]
