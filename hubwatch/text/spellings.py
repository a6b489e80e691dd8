"""One English word as it is spelled in the United States and in Britain, in either direction. Pure."""

from __future__ import annotations

import re

# American and British; within a word as well: fiberglass, fibreglass. What is made of a word that is spelled
# alike everywhere (Moldova) is no word, and finds nothing.
_PAIRS = (
    ("aluminum", "aluminium"),
    ("analyz", "analys"),
    ("catalyz", "catalys"),
    ("paralyz", "paralys"),
    ("armor", "armour"),
    ("behavior", "behaviour"),
    ("color", "colour"),
    ("endeavor", "endeavour"),
    ("favor", "favour"),
    ("flavor", "flavour"),
    ("harbor", "harbour"),
    ("honor", "honour"),
    ("labor", "labour"),
    ("neighbor", "neighbour"),
    ("odor", "odour"),
    ("tumor", "tumour"),
    ("vapor", "vapour"),
    ("mold", "mould"),
    ("molt", "moult"),
    ("plow", "plough"),
    ("program", "programme"),
    ("catalog", "catalogue"),
    ("dialog", "dialogue"),
    ("defense", "defence"),
    ("offense", "offence"),
    ("license", "licence"),
    ("sulf", "sulph"),
    ("gage", "gauge"),
    ("gray", "grey"),
    ("disk", "disc"),
    ("tire", "tyre"),
    ("aging", "ageing"),
    ("airplane", "aeroplane"),
    ("artifact", "artefact"),
    ("pediatric", "paediatric"),
    ("orthopedic", "orthopaedic"),
    ("anesthe", "anaesthe"),
    ("hemato", "haemato"),
    ("hemo", "haemo"),
    ("fulfill", "fulfil"),
    ("enrollment", "enrolment"),
    ("installment", "instalment"),
    ("skillful", "skilful"),
)
_ENDING_IN_ER = ("center", "fiber", "meter", "liter", "caliber", "somber", "theater", "specter", "luster")
_STEMS = "|".join(word[:-2] for word in _ENDING_IN_ER)
_TO_BRITISH = {"er": "re", "ers": "res", "ered": "red", "ering": "ring"}
_TO_AMERICAN = {british: american for american, british in _TO_BRITISH.items()}
_ER = re.compile(rf"({_STEMS})(er(?:s|ed|ing)?)(?=$|[a-z]{{4}})")
_RE = re.compile(rf"({_STEMS})(re[sd]?|ring)(?=$|[a-z]{{4}})")
_Z = re.compile(r"(?<=[a-z]{3}[iy])z(?=(?:e[dsr]?|ers|ing|ation|ations|able)$)")
_S = re.compile(r"(?<=[a-z]{3}[iy])s(?=(?:e[dsr]?|ers|ing|ation|ations|able)$)")
# One l or two before an ending: modeling, modelling.
_L = re.compile(r"(?<=[a-z][aeu])l(?=(?:ed|ing|er|ers)$)")
_LL = re.compile(r"(?<=[a-z][aeu])ll(?=(?:ed|ing|er|ers)$)")


def british(word: str) -> str:
    """Spell a word in small letters the British way; one that is spelled alike stays."""
    for one, other in _PAIRS:
        if one in word and other not in word:
            word = word.replace(one, other)
    return _L.sub("ll", _Z.sub("s", _ER.sub(_in_britain, word)))


def american(word: str) -> str:
    """Spell a word in small letters the American way; one that is spelled alike stays."""
    for one, other in _PAIRS:
        if other in word and (one not in word or one in other):
            word = word.replace(other, one)
    return _LL.sub("l", _S.sub("z", _RE.sub(_in_america, word)))


def _in_britain(word: re.Match[str]) -> str:
    return word[1] + _TO_BRITISH[word[2]]


def _in_america(word: re.Match[str]) -> str:
    return word[1] + _TO_AMERICAN[word[2]]
