"""The facts of the installation as it is set up now, for reports about the treatment of personal data."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from central_hub.accounts import census as people
from central_hub.accounts import terms
from central_hub.audit import services as audit
from central_hub.cities import census
from central_hub.cities import services as cities
from central_hub.kernel import Caller, InvalidInput, NotPermitted, Permission, may
from central_hub.lpr import census as plates
from central_hub.privacy import ripd, services
from central_hub.privacy.domain import State
from central_hub.privacy.models import SubjectRequest
from central_hub.privacy.treatment import Agreed, CityFacts, Facts, Measure, Requests

#: More entries are checked by `gtv hub audit verify`: nobody waits minutes for a page.
VERIFIED_AT_MOST = 50_000


def gather(caller: Caller, city_code: str, since: datetime, until: datetime) -> Facts:
    """Of one city, or of all that the caller sees where `city_code` is empty.

    Raises NotPermitted, NotFound, InvalidInput.
    """
    _require_reads(caller)
    if since >= until:
        raise InvalidInput.in_field("until", "O fim precisa ser depois do início.")
    found = [cities.visible_city(caller, city_code)] if city_code else cities.visible_cities(caller)
    whole = not city_code
    ids = [city.pk for city in found]
    zone = cities.timezone_for(caller, city_code or None)
    counted, decided, staff = census.of_cities(ids), plates.of_cities(ids), people.of_cities(ids)
    told = [
        _of_city(city.name, city.plan.retention_days, counted[city.pk], decided[city.pk]) for city in found
    ]
    agreed = _agreed(None if whole else ids[0])
    return Facts(
        scope="Todas as prefeituras" if whole else found[0].name,
        whole=whole,
        made_by=caller.username,
        made_at=timezone.now().astimezone(zone),
        since=since.astimezone(zone),
        until=until.astimezone(zone),
        cities=told,
        people=staff.by_role,
        actions=audit.counted(None if whole else [city_code], since, until),
        requests=_requests(ids, since, until),
        measures=_measures(told, staff, agreed),
        processors=_processors(told),
        agreed=agreed,
    )


def _require_reads(caller: Caller) -> None:
    if not (may(caller, Permission.READ_AUDIT) or may(caller, Permission.GOVERN)):
        raise NotPermitted("Seu papel não permite ver relatórios de tratamento de dados.")


def _of_city(name: str, footage_days: int, has: census.Census, decided: plates.Census) -> CityFacts:
    return CityFacts(
        name=name,
        cameras=has.cameras,
        lpr_cameras=has.lpr_cameras,
        boxes=has.boxes,
        footage_days=footage_days,
        plate_days=decided.retention_days,
        viewers_see_plates=decided.viewers_see_plates,
        holds=decided.holds,
        watched=decided.watched,
        told=decided.told,
    )


def _requests(city_ids: Sequence[int], since: datetime, until: datetime) -> Requests:
    all_of = SubjectRequest.objects.filter(city_id__in=city_ids)
    closed = all_of.filter(closed_at__gte=since, closed_at__lt=until)
    return Requests(
        received=all_of.filter(created_at__gte=since, created_at__lt=until).count(),
        fulfilled=closed.filter(state=State.FULFILLED).count(),
        refused=closed.filter(state=State.REFUSED).count(),
        overdue=services.late(all_of).count(),
    )


def _agreed(city_id: int | None) -> Agreed:
    current, active, accepted = terms.state_of_acceptance(city_id)
    return Agreed(
        [f"{document.get_kind_display()} v{document.version}" for document in current], active, accepted
    )


# --- measures: what is on, read off the settings and the data -----------------------------


def _measures(found: Sequence[CityFacts], staff: people.Census, agreed: Agreed) -> list[Measure]:
    return [
        _second_factor(staff.without_second_factor),
        Measure(
            ripd.PASSWORDS,
            "argon2" in settings.PASSWORD_HASHERS[0].lower(),
            "O nome bloqueia depois de 10 falhas de um endereço",
        ),
        Measure(ripd.HTTPS, settings.HTTPS, f"Endereço público: {settings.GTV_PUBLIC_URL}"),
        Measure(
            ripd.BOX_CERTIFICATES, True, "As caixas só se conectam com certificado da central, revogável"
        ),
        _chain(),
        Measure(ripd.PURPOSE, True, "Sem finalidade a consulta é recusada; ela fica na trilha"),
        Measure(ripd.RETENTION, True, "Nas caixas pelo plano; na central uma vez por dia"),
        _masking(found),
        _database(),
        _store(),
        Measure(ripd.DISKS, None, "A central não vê os discos; confira na instalação de cada caixa"),
        Measure(
            ripd.DOCUMENTS,
            bool(agreed.documents) and agreed.accepted == agreed.people,
            f"{agreed.accepted} de {agreed.people} pessoas aceitaram"
            if agreed.documents
            else "Nada publicado",
        ),
    ]


def _second_factor(without: int) -> Measure:
    required = bool(settings.GTV_REQUIRE_SECOND_FACTOR)
    state = "Exigido" if required else "Não exigido nesta instalação"
    return Measure(ripd.SECOND_FACTOR, required, f"{state}; pessoas da central sem ele: {without}")


def _chain() -> Measure:
    number, digest = audit.head()
    told = f"{number} registros; último hash {digest[:16]}…"
    if number > VERIFIED_AT_MOST:
        return Measure(ripd.AUDIT_CHAIN, None, f"{told}; verifique com gtv hub audit verify")
    broken = audit.verify()
    state = "verificada agora, íntegra" if broken is None else f"rompida no registro {broken}"
    return Measure(ripd.AUDIT_CHAIN, broken is None, f"{told}; {state}")


def _masking(found: Sequence[CityFacts]) -> Measure:
    reading = [city for city in found if city.lpr_cameras]
    masked = sum(not city.viewers_see_plates for city in reading)
    return Measure(
        ripd.MASKING, masked == len(reading), f"Em {masked} de {len(reading)} prefeituras que leem placas"
    )


def _database() -> Measure:
    options = settings.DATABASES["default"].get("OPTIONS", {})
    mode = str(options.get("sslmode", ""))
    if mode in ("require", "verify-ca", "verify-full"):
        return Measure(ripd.DATABASE_TLS, True, f"sslmode={mode}")
    if _is_local(str(settings.DATABASES["default"]["HOST"])):
        return Measure(ripd.DATABASE_TLS, True, "No mesmo computador; não passa por rede")
    return Measure(ripd.DATABASE_TLS, False, "A configuração não a exige (sslmode)")


def _store() -> Measure:
    host = settings.GTV_S3_ENDPOINT.partition(":")[0]
    if settings.GTV_S3_SECURE:
        return Measure(ripd.STORE_TLS, True, "HTTPS")
    if _is_local(host):
        return Measure(ripd.STORE_TLS, True, "No mesmo computador; não passa por rede")
    return Measure(ripd.STORE_TLS, False, "HTTP, sem cifragem (GTV_S3_SECURE)")


def _is_local(host: str) -> bool:
    """A path is a socket's folder; nothing is the socket's usual one."""
    return host in ("", "localhost", "::1") or host.startswith(("127.", "/"))


# --- to whom something goes ------------------------------------------------------------------


def _processors(found: Sequence[CityFacts]) -> list[tuple[str, str, str]]:
    told = [
        (host, "Placa, câmera e hora de placas monitoradas", f"Avisar os sistemas de {city.name}")
        for city in found
        for host in city.told
    ]
    store = settings.GTV_S3_ENDPOINT.partition(":")[0]
    if not _is_local(store):
        told.append((store, "Imagens de placas, recortes e exportações", "Armazenamento de objetos"))
    told += [
        (urlsplit(url).path.partition(":")[0], "Vídeo ao vivo cifrado, de passagem", "STUN/TURN")
        for url in settings.GTV_ICE_URLS
    ]
    if settings.GTV_ALARM_WEBHOOK_URL:
        host = urlsplit(settings.GTV_ALARM_WEBHOOK_URL).hostname or ""
        told.append((host, "Alarmes de caixas e atrasos; sem placas e sem nomes", "Aviso à central"))
    if settings.GTV_ALARM_EMAILS:
        told.append((settings.EMAIL_HOST, "Alarmes de caixas e atrasos; sem placas e sem nomes", "E-mail"))
    return told
