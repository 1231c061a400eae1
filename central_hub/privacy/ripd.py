"""The impact report on the protection of personal data (LGPD, art. 5, XVII, and 38), from the same facts.

A risk is shown as it is without its measures; how high it stays is read off the measures that are on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from central_hub.privacy.treatment import (
    Facts,
    Measure,
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


@dataclass(frozen=True)
class Risk:
    """`by`: the names of the measures that lower it."""

    name: str
    likelihood: str
    impact: str
    by: tuple[str, ...]


#: Names of measures, as gathering.py has them.
SECOND_FACTOR = "Segundo fator para a central"
HTTPS = "Acesso por HTTPS"
BOX_CERTIFICATES = "Certificado próprio de cada caixa (TLS mútuo)"
AUDIT_CHAIN = "Trilha de auditoria encadeada"
PURPOSE = "Finalidade exigida nas consultas de placas"
RETENTION = "Eliminação automática ao fim do prazo"
MASKING = "Placas mascaradas para visualizadores"
PASSWORDS = "Senhas guardadas com Argon2 e bloqueio de tentativas"
DATABASE_TLS = "Conexão cifrada ao banco de dados"
STORE_TLS = "Conexão cifrada ao armazenamento de objetos"
DISKS = "Cifragem dos discos das caixas e da central"
DOCUMENTS = "Termos e política publicados e aceitos"

RISKS = (
    Risk("Acesso indevido por pessoa de fora", "média", "alto", (SECOND_FACTOR, PASSWORDS, HTTPS)),
    Risk("Uso desviado por quem tem acesso", "média", "alto", (PURPOSE, AUDIT_CHAIN, DOCUMENTS, MASKING)),
    Risk("Interceptação entre caixa, central e navegador", "baixa", "alto", (BOX_CERTIFICATES, HTTPS)),
    Risk("Guarda além do necessário", "baixa", "médio", (RETENTION,)),
    Risk("Furto de equipamento ou de disco", "média", "alto", (DISKS,)),
    Risk("Vazamento do banco ou dos arquivos", "baixa", "alto", (DATABASE_TLS, STORE_TLS)),
    Risk("Alteração de prova ou de registro", "baixa", "alto", (AUDIT_CHAIN,)),
)

#: What is left of a risk, by how many of its measures are missing.
_LEFT = {0: "baixo", 1: "médio"}


def ripd(facts: Facts) -> Report:
    measures = {measure.name: measure for measure in facts.measures}
    return Report(
        "Relatório de impacto à proteção de dados pessoais",
        "Lei 13.709/2018, art. 5º, XVII, e art. 38",
        head(facts),
        [
            _description(facts),
            cities_section(facts),
            _necessity(facts),
            people_section(facts),
            processors_section(facts),
            Section("Riscos e mitigação", (_METHOD,), _risks(measures)),
            measures_section(facts),
            _rights(facts),
            _pending(facts),
            Section("Aprovação", _SIGNATURES),
        ],
    )


_METHOD = (
    "Probabilidade e impacto são os do risco sem medidas. O que fica é baixo com todas as medidas em vigor,"
    " médio com uma a menos, e alto com mais."
)

_SIGNATURES = (
    "Controlador: ______________________________   Data: ____/____/________",
    "Encarregado: ______________________________   Data: ____/____/________",
)


def _description(facts: Facts) -> Section:
    plates = (
        f" {facts.total('lpr_cameras')} delas leem placas de veículos: a placa, a imagem, a data e a hora."
        if facts.reads_plates
        else " Nenhuma delas lê placas de veículos."
    )
    return Section(
        "Descrição do tratamento",
        (
            f"{facts.total('cameras')} câmeras em vias e prédios públicos gravam continuamente nas"
            f" {facts.total('boxes')} caixas das prefeituras.{plates}",
            "Não há reconhecimento facial, e as imagens não são cruzadas com outras bases pelo sistema.",
            "As gravações ficam nas caixas e só são transmitidas quando uma pessoa autorizada as abre. À"
            " central chegam as leituras de placas, o estado dos equipamentos e a trilha de auditoria.",
            "Titulares: quem circula diante das câmeras, crianças e adolescentes inclusive; proprietários e"
            " condutores de veículos; servidores que usam o sistema.",
        ),
    )


def _necessity(facts: Facts) -> Section:
    longest = max((city.footage_days for city in facts.cities), default=0)
    plates = max((city.plate_days for city in facts.cities if city.lpr_cameras), default=0)
    paragraphs = [
        "Finalidade: segurança pública, proteção do patrimônio e gestão do trânsito. Base legal: execução de"
        " políticas públicas (art. 7º, III, e art. 23); no que for exclusivo de segurança pública, os"
        " princípios do art. 4º, § 1º.",
        f"As gravações são eliminadas por si em até {longest} dias"
        + (f", e as leituras de placas em até {plates} dias." if plates else "."),
        f"Ficam além disso somente o que {facts.total('holds')} guardas judiciais protegem, e os recortes"
        " exportados a serviço.",
    ]
    return Section("Necessidade e proporcionalidade", paragraphs)


def _risks(measures: Mapping[str, Measure]) -> Table:
    rows = []
    for risk in RISKS:
        missing = [name for name in risk.by if name not in measures or not measures[name].active]
        left = _LEFT.get(len(missing), "alto")
        told = "; ".join(f"{name} (não em vigor)" if name in missing else name for name in risk.by)
        rows.append((risk.name, risk.likelihood, risk.impact, told, left))
    return Table(("Risco", "Probabilidade", "Impacto", "Medidas", "Risco que fica"), rows)


def _rights(facts: Facts) -> Section:
    return Section(
        "Direitos dos titulares",
        (
            "Pedidos de acesso, correção, eliminação e informação são registrados com prazo de 15 dias (art."
            " 19, II); o atraso é avisado e fica na trilha.",
            requests_text(facts.requests),
        ),
    )


def _pending(facts: Facts) -> Section:
    missing = [f"{one.name}: {one.state}" for one in facts.measures if one.active is False]
    unknown = [f"A conferir, {one.name}: {one.state}" for one in facts.measures if one.active is None]
    late = [f"Pedidos de titulares em atraso: {facts.requests.overdue}."] if facts.requests.overdue else []
    return Section("Pendências", missing + late + unknown or ["Nenhuma."])
