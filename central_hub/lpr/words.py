"""Vendors' words that mean one thing: whoever looks for a white car finds `white`, `Branco` and `BRANCA`.

The words are those of the vendors' documents (Hikvision ISAPI ANPR, Dahua ITSAPI, Axis LPV, OpenALPR,
Plate Recognizer) and what Portuguese and Spanish firmwares send for them. A read keeps its own word.
"""

_COLORS = (
    ("white", "branco", "branca", "blanco", "blanca"),
    ("silver", "prata", "plata", "silver-gray"),
    ("gray", "grey", "cinza", "gris"),
    ("black", "preto", "preta", "negro", "negra"),
    ("red", "vermelho", "vermelha", "rojo", "roja"),
    ("blue", "azul"),
    ("green", "verde"),
    ("yellow", "amarelo", "amarela", "amarillo", "amarilla"),
    ("brown", "marrom", "marrón"),
    ("orange", "laranja", "naranja"),
    ("pink", "rosa"),
    ("purple", "roxo", "roxa", "violeta"),
    ("gold", "dourado", "dourada", "gold-beige", "beige", "bege"),
)
_DIRECTIONS = (
    ("forward", "approach", "approaching", "aproximando"),
    ("reverse", "leave", "leaving", "receding", "away", "afastando"),
    ("in", "entrada", "entrando"),
    ("out", "saída", "saindo"),
)
_TYPES = (
    ("car", "sedan", "carro", "automóvel", "smallcar"),
    ("truck", "largetruck", "caminhão", "camião"),
    ("bus", "largebus", "ônibus"),
    ("motorcycle", "twowheelvehicle", "motorbike", "moto", "motocicleta"),
    ("pickuptruck", "pickup", "caminhonete", "picape"),
    ("suv", "suvmpv", "utilitário"),
)


def _by_word(groups: tuple[tuple[str, ...], ...]) -> dict[str, tuple[str, ...]]:
    return {word: group for group in groups for word in group}


#: By the column of a read.
_MEANINGS = {
    "vehicle_color": _by_word(_COLORS),
    "direction": _by_word(_DIRECTIONS),
    "vehicle_type": _by_word(_TYPES),
}


def meaning(column: str, word: str) -> tuple[str, ...]:
    """The words, in small letters, that mean the same in this column; the word alone where none is known."""
    small = word.strip().lower()
    return _MEANINGS[column].get(small, (small,))
