"""Writes docs/security/permissions.md, the table of permissions for people, from permissions.csv.

With --check it writes nothing, and fails where the file is not what it would write. That the
product keeps to the table is tests/integration/hub/test_permissions.py's business.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
TABLE = DOCS / "security" / "permissions.csv"
PAGE = DOCS / "security" / "permissions.md"
API = DOCS / "api" / "hub.openapi.json"

COLUMNS = {
    "anonymous": "Sem login",
    "half-login": "Login incompleto",
    "admin": "Admin",
    "operador": "Operador",
    "auditor": "Auditor",
    "gestor": "Gestor",
    "visualizador": "Visualizador",
    "other-city": "Outra prefeitura",
}

CELLS = {"yes": "sim", "no": "—", "empty": "vazio", "-": "·"}

CONTEXTS = {
    "accounts": "Pessoas e acesso",
    "cities": "Prefeituras e câmeras",
    "fleet": "Caixas",
    "streaming": "Gravações e recortes",
    "lpr": "Placas",
    "audit": "Trilha de auditoria",
    "privacy": "Privacidade (LGPD)",
}

INTRODUCTION = """\
# Quem pode o quê

Gerado de `permissions.csv` por `make generate`; não edite. O teste
`tests/integration/hub/test_permissions.py` faz cada pedido da API em nome de cada papel, sobre a própria
prefeitura e sobre outra, e falha se a resposta não for a desta tabela, ou se uma operação não estiver nela.

- **sim**: é atendido. **—**: é recusado (401, 403 ou 404), e nada é mostrado nem alterado.
- **vazio**: é atendido, com uma lista em que nada aparece.
- **Login incompleto**: senha certa de alguém da central que ainda não cadastrou o segundo fator.
- **Admin, operador e auditor** são da central, e veem todas as prefeituras.
- **Outra prefeitura**: o que um gestor ou visualizador recebe ao pedir o mesmo sobre uma prefeitura que não é
  a sua. «·»: o pedido não trata de prefeitura nenhuma. Quem já é recusado na própria também o é nas outras.
- Uma prefeitura pode decidir que seus visualizadores não veem placas inteiras: então a busca só lhes mostra
  placas mascaradas, e só procura placas inteiras; o resto das linhas de placas é recusado (`docs/adr/0028`).
"""


def page() -> str:
    addresses = _addresses()
    by_context: dict[str, list[str]] = defaultdict(list)
    with TABLE.open(newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            context, address = addresses[row["operation"].partition(":")[0]]
            cells = " | ".join(CELLS[row[column]] for column in COLUMNS)
            by_context[context].append(f"| {row['what']} | `{address}` | {cells} |")
    head = f"| O quê | Pedido | {' | '.join(COLUMNS.values())} |\n|---|---|{'---|' * len(COLUMNS)}"
    parts = [INTRODUCTION.rstrip()]
    for context, lines in by_context.items():
        parts += [f"## {CONTEXTS[context]}", "\n".join([head, *lines])]
    return "\n\n".join(parts) + "\n"


def _addresses() -> dict[str, tuple[str, str]]:
    """Context, method and path of every operation."""
    document = json.loads(API.read_text())
    return {
        operation["operationId"]: (
            operation["tags"][0],
            f"{method.upper()} {path.removeprefix('/api/v1')}",
        )
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        PAGE.write_text(page())
    elif PAGE.read_text() != page():
        print("docs/security/permissions.md is not what permissions.csv says; run: make generate")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
