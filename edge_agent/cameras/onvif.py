"""Asking a camera about itself by ONVIF (Profile S): who it is, its streams, its clock.

    OnvifFailed
    ├── NotOnvif         nothing there that speaks ONVIF
    │   └── Garbled      something else answers, or the answer cannot be read
    ├── Silent           it takes the connection and does not answer
    └── WrongPassword    it speaks, and refuses these credentials

The password digest holds the time (WS-Security UsernameToken), so a camera whose clock
is wrong would refuse a right password: the digest is made with the camera's own time,
which it tells without a password.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from edge_agent.cameras.discovery import ASK_TIME, SERVICE_PATH, SOAP

TIMEOUT_S = 20.0
GREETING_S = 8.0
#: The time of a camera is told in 1 to 2 kB.
MAX_GREETING_BYTES = 64 * 1024
#: Cameras have two or three profiles, recorders many more.
MAX_PROFILES = 8
#: Beyond this the plates that the camera sends are stamped visibly wrong.
CLOCK_TOLERANCE_S = 5.0


class OnvifFailed(Exception):
    """The text is for the person who asked."""


class NotOnvif(OnvifFailed):
    def __init__(
        self,
        text: str = "Não há resposta ONVIF neste endereço. Confira endereço e porta, "
        "e se o ONVIF está ativado na câmera.",
    ) -> None:
        super().__init__(text)


class Garbled(NotOnvif):
    def __init__(self) -> None:
        super().__init__(
            "O que responde neste endereço não é ONVIF, ou a resposta veio com defeito. Confira a porta "
            "(a da página web pode ser outra) e se o ONVIF está ativado na câmera, e reinicie-a."
        )


class Silent(OnvifFailed):
    def __init__(self) -> None:
        super().__init__(
            "A câmera aceitou a conexão, mas não respondeu a tempo. Reinicie a câmera; se continuar assim, "
            "informe o endereço RTSP à mão."
        )


class WrongPassword(OnvifFailed):
    def __init__(self) -> None:
        super().__init__(
            "A câmera recusou o usuário ou a senha do ONVIF. "
            "Em algumas marcas o usuário ONVIF é criado à parte."
        )


@dataclass(frozen=True)
class Profile:
    """One stream that the camera offers; `stream_url` has no credentials."""

    token: str
    name: str
    codec: str
    width: int
    height: int
    fps: float
    bitrate_bps: int
    stream_url: str


@dataclass(frozen=True)
class DeviceFacts:
    manufacturer: str
    model: str
    firmware: str
    serial: str
    #: The camera's clock less the box's; None when it does not tell its time.
    clock_difference_s: float | None
    profiles: list[Profile] = field(default_factory=list)
    main_url: str = ""
    sub_url: str = ""
    snapshot_url: str = ""
    #: What a technician should look at, in Portuguese.
    notes: list[str] = field(default_factory=list)


async def ask_device(host: str, port: int, username: str, password: str) -> DeviceFacts:
    """Ask one device. Raises OnvifFailed."""
    import aiohttp
    from onvif import ONVIFError
    from zeep.exceptions import Error as SoapError

    from edge_agent.cameras.bounded_onvif import BoundedCamera

    await _greet(host, port)
    # What the device says of its own address is not followed: it is asked where the person said.
    camera = BoundedCamera(host, port, username, password, adjust_time=True, nat_override=True)
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await _facts(camera, host)
    except (SoapError, ONVIFError) as error:
        raise _explained(error) from None
    except TimeoutError:
        raise Silent from None
    except (aiohttp.ClientError, OSError):
        raise NotOnvif from None
    # The library, on an answer out of shape; AnswerTooLarge is a ValueError.
    except (ValueError, AttributeError, LookupError, TypeError, RecursionError):
        raise Garbled from None
    finally:
        await camera.close()


async def _greet(host: str, port: int) -> None:
    """Ask the time, which needs no password, reading no more of the answer than an answer has.

    What is no ONVIF at all is told apart here, before the library is loaded. Raises OnvifFailed.
    """
    named = f"[{host}]" if ":" in host else host
    try:
        async with (
            asyncio.timeout(GREETING_S),
            httpx.AsyncClient(timeout=GREETING_S, trust_env=False) as client,
            client.stream(
                "POST", f"http://{named}:{port}{SERVICE_PATH}", content=ASK_TIME, headers=SOAP
            ) as answer,
        ):
            if answer.status_code == httpx.codes.OK and not await _is_soap(answer):
                raise Garbled
    except (TimeoutError, httpx.ReadTimeout):
        raise Silent from None
    except httpx.RemoteProtocolError:
        raise Garbled from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise NotOnvif from None


async def _is_soap(answer: httpx.Response) -> bool:
    """By its first bytes, and by its being no longer than the time takes to tell."""
    content = b""
    async for part in answer.aiter_bytes(4096):
        content += part
        if len(content) > MAX_GREETING_BYTES:
            return False
    return b"Envelope" in content


async def _facts(camera: Any, host: str) -> DeviceFacts:
    await camera.update_xaddrs()
    management = await camera.create_devicemgmt_service()
    info = await management.GetDeviceInformation()
    profiles = await _profiles(camera, host)
    main, sub = main_and_sub(profiles)
    difference = camera.dt_diff.total_seconds() if camera.dt_diff is not None else None
    return DeviceFacts(
        manufacturer=_short(info.Manufacturer),
        model=_short(info.Model),
        firmware=_short(info.FirmwareVersion),
        serial=_short(info.SerialNumber),
        clock_difference_s=difference,
        profiles=profiles,
        main_url=main.stream_url if main else "",
        sub_url=sub.stream_url if sub else "",
        snapshot_url=await camera.get_snapshot_uri(main.token) or "" if main else "",
        notes=notes(difference, main, sub),
    )


async def _profiles(camera: Any, host: str) -> list[Profile]:
    """What has video; a camera may also offer profiles of sound or of events alone."""
    media = await camera.create_media_service()
    offered = [profile for profile in await media.GetProfiles() if profile.VideoEncoderConfiguration]
    return [await _profile(media, profile, host) for profile in offered[:MAX_PROFILES]]


def _short(told: Any) -> str:
    """A camera's words about itself, bounded; empty where it tells nothing."""
    return str(told or "")[:100]


async def _profile(media: Any, profile: Any, host: str) -> Profile:
    setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
    answer = await media.GetStreamUri({"StreamSetup": setup, "ProfileToken": profile.token})
    video = profile.VideoEncoderConfiguration
    rate = video.RateControl
    return Profile(
        token=str(profile.token),
        name=_short(profile.Name),
        codec=str(video.Encoding),
        width=int(video.Resolution.Width),
        height=int(video.Resolution.Height),
        fps=float(rate.FrameRateLimit) if rate else 0.0,
        bitrate_bps=int(rate.BitrateLimit) * 1000 if rate else 0,
        stream_url=at_host(str(answer.Uri), host),
    )


def at_host(url: str, host: str) -> str:
    """The stream's address at the host that was asked, without credentials some cameras put in."""
    parts = urlsplit(url)
    named = f"[{host}]" if ":" in host else host
    return urlunsplit(parts._replace(netloc=f"{named}:{parts.port}" if parts.port else named))


def main_and_sub(profiles: list[Profile]) -> tuple[Profile | None, Profile | None]:
    """The largest picture is recorded, the smallest other one is for mosaics."""
    by_size = sorted(profiles, key=lambda profile: profile.width * profile.height)
    if not by_size:
        return None, None
    main, sub = by_size[-1], by_size[0]
    smaller = sub.width * sub.height < main.width * main.height
    return main, sub if smaller else None


def notes(difference_s: float | None, main: Profile | None, sub: Profile | None) -> list[str]:
    said = []
    if main is None:
        said.append("A câmera não oferece nenhum vídeo por ONVIF.")
    if main is not None and sub is None:
        said.append("A câmera oferece um só vídeo: ative o segundo, menor, para os mosaicos.")
    if difference_s is None:
        said.append("A câmera não informou a hora.")
    elif abs(difference_s) > CLOCK_TOLERANCE_S:
        said.append(
            f"O relógio da câmera está {_ahead(difference_s)} em relação à caixa: "
            "configure nela o servidor de hora (NTP) com o endereço da rede."
        )
    return said


def _ahead(seconds: float) -> str:
    return f"{abs(seconds):.0f} s {'adiantado' if seconds > 0 else 'atrasado'}"


def _explained(error: Exception) -> OnvifFailed:
    """Cameras say a wrong password in many ways; none is left out of these words."""
    codes = " ".join(str(code) for code in getattr(error, "subcodes", None) or [])
    text = f"{codes} {error}".lower()
    refused = ("notauthorized", "not authorized", "unauthorized", "failedauthentication", "401", "403")
    if any(word in text for word in refused):
        return WrongPassword()
    if getattr(error, "subcodes", None) is not None:
        return OnvifFailed("A câmera fala ONVIF, mas recusou a pergunta. Informe o endereço RTSP à mão.")
    return NotOnvif()
