"""Options that every command of the box takes in the same way."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_DATA = Path("/var/lib/gtv")
DataDir = Annotated[Path, typer.Option(help="Pasta de dados da caixa", envvar="GTV_EDGE_DATA")]
Json = Annotated[bool, typer.Option("--json", help="Resposta em JSON, para programas")]
User = Annotated[str, typer.Option(help="Usuário da câmera")]
Password = Annotated[str, typer.Option(help="Senha da câmera", envvar="GTV_CAMERA_PASSWORD")]
