"""The vendors' formats: one file each, whose `parse` turns a push into plate reads.

A new vendor is one file with that function, its tests, a line here and its name in
`protocol.plate_cameras`. `parse` raises MalformedPush for what is not of the vendor's form
and NoPlate for what holds none.
"""

from collections.abc import Callable

from edge_agent.lpr.domain import VendorRead
from edge_agent.lpr.push import Push
from edge_agent.lpr.vendors import (
    axis,
    dahua,
    generic,
    hikvision,
    openalpr,
    platerecognizer,
    pumatronix,
)

Parse = Callable[[Push], list[VendorRead]]

#: By the name in the push's address, /lpr/<name> (`protocol.plate_cameras.VENDORS`).
VENDORS: dict[str, Parse] = {
    "axis": axis.parse,
    "dahua": dahua.parse,
    "generic": generic.parse,
    "hikvision": hikvision.parse,
    "intelbras": dahua.parse,
    "openalpr": openalpr.parse,
    "platerecognizer": platerecognizer.parse,
    "pumatronix": pumatronix.parse,
}
