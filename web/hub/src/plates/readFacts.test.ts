// What is told of one read: everything a camera said, what it did not say, and what is to be doubted.
import { expect, it } from "vitest";
import type { PlateReadDetail } from "../api/types";
import { clockFacts, imageFacts, passageFacts, readingFacts, vehicleFacts } from "./readFacts";

const READ: PlateReadDetail = {
  id: 9,
  plate: "ABC1D23",
  passage: "p",
  confidence: 0.97,
  captured_at: "2026-11-25T15:00:00Z",
  received_at: "2026-11-25T15:00:01Z",
  stored_at: "2026-11-25T15:00:02Z",
  camera: { id: "c", name: "Praça" },
  city: { code: "vale", name: "Vale" },
  direction: "forward",
  lane: 2,
  speed_kmh: 41.6,
  vehicle_type: "car",
  vehicle_color: "red",
  vehicle_make: "Fiat",
  vehicle_model: "Uno",
  country: "br",
  region: "br-sp",
  vendor: "intelbras",
  camera_at: null,
  camera_clock: null,
  image_url: null,
  candidates: [],
  image_sha256: "ab",
  image_size_bytes: 51_000,
  latitude: null,
  longitude: null,
};
const ZONE = "America/Sao_Paulo";

const told = (facts: readonly { name: string; value: string }[]) =>
  Object.fromEntries(facts.map(({ name, value }) => [name, value]));

it("tells every field in words, in the city's time", () => {
  const all = [
    ...passageFacts(READ, ZONE),
    ...readingFacts(READ),
    ...vehicleFacts(READ),
    ...clockFacts(READ, ZONE),
    ...imageFacts(READ),
  ];
  expect(told(all)).toEqual({
    Horário: "25/11/2026 12:00:00",
    Câmera: "Praça",
    Prefeitura: "Vale",
    Direção: "Aproximando",
    Faixa: "2",
    Velocidade: "42 km/h",
    Confiança: "97 %",
    Origem: "Intelbras",
    Tipo: "Carro",
    Cor: "Vermelha",
    Marca: "Fiat",
    Modelo: "Uno",
    "País e região": "BR-SP",
    "Relógio da câmera": "Sem desvio conhecido",
    "Recebida na caixa": "25/11/2026 12:00:01",
    "Guardada na central": "25/11/2026 12:00:02",
    Tamanho: "51 kB",
    "SHA-256": "ab",
  });
  expect(all.filter(({ doubtful }) => doubtful)).toEqual([]);
});

it("says of what the camera did not tell that it is not known", () => {
  const read = { ...READ, lane: null, vehicle_color: "unknown", image_sha256: "" };
  expect(told(passageFacts(read, ZONE)).Faixa).toBe("Não informado");
  expect(told(vehicleFacts(read)).Cor).toBe("Não informado");
  expect(imageFacts(read)).toEqual([{ name: "Imagem", value: "A câmera não mandou" }]);
});

it("raises doubt where the plate is unsure, with what else it may have been", () => {
  const candidates = [{ plate: "A8C1D23", confidence: 0.6 }];
  const [confidence, other] = readingFacts({ ...READ, confidence: 0.7, candidates });
  expect(confidence).toEqual({ name: "Confiança", value: "70 %", doubtful: true });
  expect(other?.value).toBe("A8C1D23 60 %");
});

it("tells what a wrong clock said, and by how much the box put it right", () => {
  const [clock] = clockFacts({ ...READ, camera_at: "2026-11-25T11:55:00Z" }, ZONE);
  expect(clock?.doubtful).toBe(true);
  expect(clock?.value).toContain("Marcava 25/11/2026 08:55:00, 3 h 05 min atrasado");
  const [ahead] = clockFacts({ ...READ, camera_at: "2026-11-25T15:00:45Z" }, ZONE);
  expect(ahead?.value).toContain("45 s adiantado");
  const [odd] = clockFacts({ ...READ, camera_clock: "ontem" }, ZONE);
  expect(odd).toMatchObject({ doubtful: true });
  expect(odd?.value).toContain("“ontem”");
});
