"""The record of processing activities (LGPD, art. 37), from the facts of an installation."""

from collections.abc import Iterable

from central_hub.privacy.treatment import (
    Facts,
    Report,
    Section,
    Table,
    cities_section,
    head,
    measures_section,
    people_section,
    processors_section,
    requests_text,
)

_PUBLIC_POLICY = "Execução de políticas públicas (art. 7º, III, e art. 23)"
_LEGAL_DUTY = "Obrigação legal (art. 7º, II)"

# Operations: what is done, with which data, of whom, for what, and on which legal basis.
_FOOTAGE = (
    "Videomonitoramento",
    "Imagens de vias e prédios públicos",
    "Quem passa diante das câmeras",
    "Segurança pública e proteção do patrimônio",
    _PUBLIC_POLICY,
)
_PLATES = (
    "Leitura de placas",
    "Placa, imagem do veículo, câmera, data e hora",
    "Proprietários e condutores",
    "Segurança pública e gestão do trânsito",
    _PUBLIC_POLICY,
)
_WATCHED = (
    "Placas monitoradas",
    "Placa, motivo e passagens",
    "Proprietários e condutores procurados",
    "Localização de veículos",
    _PUBLIC_POLICY,
)
_EXPORTS = (
    "Recortes e exportações",
    "Trechos de vídeo e leituras, assinados",
    "As pessoas neles mostradas",
    "Instrução de procedimentos",
    _PUBLIC_POLICY,
)
_ACCOUNTS = (
    "Contas e trilha de auditoria",
    "Nome, usuário, papel, endereço de rede, ações",
    "Servidores com acesso",
    "Controle de acesso e prestação de contas",
    _LEGAL_DUTY,
)
_REQUESTS = (
    "Pedidos de titulares",
    "Nome, protocolo, placa e resposta",
    "Titulares que pediram",
    "Atendimento de direitos (art. 18)",
    _LEGAL_DUTY,
)

#: What is counted of the audit trail, in words.
ACTIVITIES = (
    ("Entradas no sistema", ("login",)),
    ("Tentativas de entrada recusadas", ("login-refused",)),
    ("Vídeos ao vivo abertos", ("live",)),
    ("Gravações reproduzidas", ("playback", "console.playback")),
    ("Buscas e análises de placas", ("plate-search", "plate-path", "plate-convoy", "plate-statistics")),
    ("Leituras de placas abertas", ("plate-read-viewed", "console.plates.look")),
    ("Exportações de placas", ("plate-export",)),
    ("Recortes pedidos", ("clip-ordered", "console.clip.order")),
    ("Placas eliminadas a pedido", ("plate-erased",)),
    ("Guardas judiciais postas", ("legal-hold-placed",)),
)


def ropa(facts: Facts) -> Report:
    return Report(
        "Registro das operações de tratamento de dados pessoais",
        "Lei 13.709/2018, art. 37",
        head(facts),
        [
            _agents(facts),
            Section("Operações de tratamento", table=_operations(facts)),
            cities_section(facts),
            people_section(facts),
            processors_section(facts),
            measures_section(facts),
            _activity(facts),
        ],
    )


def _agents(facts: Facts) -> Section:
    controller = "Cada prefeitura, das suas câmeras e placas" if facts.whole else facts.scope
    return Section(
        "Agentes de tratamento",
        (
            f"Controlador: {controller}.",
            "Operador: a central de monitoramento, que hospeda e mantém o sistema para as prefeituras.",
            "Encarregado (art. 41): o nome e o contato constam da política de privacidade publicada.",
        ),
    )


def _operations(facts: Facts) -> Table:
    footage = _range(city.footage_days for city in facts.cities)
    plates = _range(city.plate_days for city in facts.cities if city.lpr_cameras)
    rows = [(*_FOOTAGE, f"{footage} dias")]
    if facts.reads_plates:
        rows.append((*_PLATES, f"{plates} dias"))
    if facts.total("watched"):
        rows.append((*_WATCHED, "Até a retirada da lista"))
    rows += [
        (*_EXPORTS, "Por dias, para a entrega; sob guarda judicial, até a liberação"),
        (*_ACCOUNTS, "Sem prazo: a trilha não é apagada"),
        (*_REQUESTS, "Enquanto provar o atendimento"),
    ]
    return Table(("Operação", "Dados", "Titulares", "Finalidade", "Base legal", "Guarda"), rows)


def _range(days: Iterable[int]) -> str:
    found = sorted(set(days))
    if not found:
        return "0"
    return str(found[0]) if len(found) == 1 else f"{found[0]} a {found[-1]}"


def _activity(facts: Facts) -> Section:
    rows = [(name, str(facts.done(*actions))) for name, actions in ACTIVITIES]
    return Section(
        "O que foi feito no período",
        (requests_text(facts.requests),),
        Table(("O quê", "Quantas vezes"), rows),
    )
