"""`gtv edge …`: what a technician runs on a box. One module a subject, put together here.

What the technician reads is in Portuguese; machines ask with `--json`. A command
ends with 0 when all is well, with 1 when it found or met something wrong.
"""

import typer

from edge_agent.cli import agent, cameras, discovery, health, media, plates, storage

app = typer.Typer(help="A caixa da prefeitura.", no_args_is_help=True)
for part in (agent, storage, media, discovery, cameras, plates, health):
    app.registered_commands += part.app.registered_commands
    app.registered_groups += part.app.registered_groups
