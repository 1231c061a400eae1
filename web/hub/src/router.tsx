// The hub's addresses. What a colleague should be able to open is in them: filters, and the open video.
import { LoadingState } from "@gtvision/shared/ui";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  stringifySearchWith,
} from "@tanstack/react-router";
import type { AuthSession } from "./auth/AuthSession";
import { readAlertSearch } from "./alerts/search";
import { readAuditSearch } from "./audit/search";
import { LoginPage } from "./auth/LoginPage";
import { readFootageSearch } from "./cameras/search";
import { readCitiesSearch, readCitySearch } from "./cities/search";
import { readClipSearch } from "./clips/search";
import { readMosaicSearch } from "./mosaics/search";
import { readPeopleSearch } from "./people/search";
import { PlatesPage } from "./plates/PlatesPage";
import { readPlateSearch } from "./plates/search";
import { readPrivacySearch } from "./privacy/search";
import { NotFound } from "./shell/NotFound";
import { homeOf, mayOpen } from "./shell/navigation";
import { Shell } from "./shell/Shell";
import { readStatisticsSearch } from "./statistics/search";
import { readVehicleSearch } from "./vehicle/search";
import { readWatchlistSearch } from "./watchlist/search";

/** Everybody's own: password, sessions, second factor. */
const ACCOUNT = "/conta";

interface Context {
  session: AuthSession;
}

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFound });

/** Only addresses of this app: a link may not send a person elsewhere after the login. */
function readWayBack({ voltar }: Record<string, unknown>): { voltar?: string } {
  return typeof voltar === "string" && /^\/(?![/\\])/.test(voltar) ? { voltar } : {};
}

const login = createRoute({
  getParentRoute: () => root,
  path: "/entrar",
  validateSearch: readWayBack,
  component: LoginPage,
});

const choosePassword = createRoute({
  getParentRoute: () => root,
  path: "/senha",
  component: lazyRouteComponent(() => import("./auth/ChoosePasswordPage"), "ChoosePasswordPage"),
});

const accept = createRoute({
  getParentRoute: () => root,
  path: "/aceite",
  validateSearch: readWayBack,
  beforeLoad: async ({ context }) => {
    if (!(await context.session.restore())) throw redirect({ to: "/entrar" });
  },
  component: lazyRouteComponent(() => import("./privacy/AcceptPage"), "AcceptPage"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ context, location }) => {
    const user = await context.session.restore();
    if (!user) throw redirect({ to: "/entrar", search: { voltar: location.href } });
    if (context.session.documentsPending)
      throw redirect({ to: "/aceite", search: { voltar: location.href } });
    const atAccount = location.pathname === ACCOUNT;
    if (context.session.secondFactorMissing && !atAccount) throw redirect({ to: ACCOUNT });
    if (!atAccount && !mayOpen(location.pathname, user.role))
      throw redirect({ to: homeOf(user.role) });
  },
  component: Shell,
});

const plates = createRoute({
  getParentRoute: () => shell,
  path: "/",
  validateSearch: readPlateSearch,
  component: PlatesPage,
});

const alerts = createRoute({
  getParentRoute: () => shell,
  path: "/alertas",
  validateSearch: readAlertSearch,
  component: lazyRouteComponent(() => import("./alerts/HitsPage"), "HitsPage"),
});

const vehicle = createRoute({
  getParentRoute: () => shell,
  path: "/veiculos/$placa",
  validateSearch: readVehicleSearch,
  component: lazyRouteComponent(() => import("./vehicle/VehiclePage"), "VehiclePage"),
});

const statistics = createRoute({
  getParentRoute: () => shell,
  path: "/estatisticas",
  validateSearch: readStatisticsSearch,
  component: lazyRouteComponent(() => import("./statistics/StatisticsPage"), "StatisticsPage"),
});

const exports = createRoute({
  getParentRoute: () => shell,
  path: "/exportacoes",
  component: lazyRouteComponent(() => import("./exports/ExportsPage"), "ExportsPage"),
});

const watchlist = createRoute({
  getParentRoute: () => shell,
  path: "/monitoradas",
  validateSearch: readWatchlistSearch,
  component: lazyRouteComponent(() => import("./watchlist/WatchlistPage"), "WatchlistPage"),
});

const clips = createRoute({
  getParentRoute: () => shell,
  path: "/recortes",
  validateSearch: readClipSearch,
  component: lazyRouteComponent(() => import("./clips/ClipsPage"), "ClipsPage"),
});

const cameras = createRoute({
  getParentRoute: () => shell,
  path: "/cameras",
  validateSearch: readFootageSearch,
  component: lazyRouteComponent(() => import("./cameras/CamerasPage"), "CamerasPage"),
});

const cameraImport = createRoute({
  getParentRoute: () => shell,
  path: "/cameras/importar",
  validateSearch: readCitySearch,
  component: lazyRouteComponent(() => import("./cameras/ImportPage"), "ImportPage"),
});

const plateSource = createRoute({
  getParentRoute: () => shell,
  path: "/cameras/$camera/placas",
  component: lazyRouteComponent(() => import("./plateSource/PlateSourcePage"), "PlateSourcePage"),
});

const mosaics = createRoute({
  getParentRoute: () => shell,
  path: "/mosaicos",
  validateSearch: readMosaicSearch,
  component: lazyRouteComponent(() => import("./mosaics/MosaicsPage"), "MosaicsPage"),
});

const nodes = createRoute({
  getParentRoute: () => shell,
  path: "/caixas",
  component: lazyRouteComponent(() => import("./nodes/NodesPage"), "NodesPage"),
});

const node = createRoute({
  getParentRoute: () => shell,
  path: "/caixas/$prefeitura/$caixa",
  component: lazyRouteComponent(() => import("./nodes/NodePage"), "NodePage"),
});

const updates = createRoute({
  getParentRoute: () => shell,
  path: "/atualizacoes",
  validateSearch: ({ atualizacao }): { atualizacao?: number } =>
    Number.isInteger(Number(atualizacao)) && Number(atualizacao) > 0
      ? { atualizacao: Number(atualizacao) }
      : {},
  component: lazyRouteComponent(() => import("./updates/UpdatesPage"), "UpdatesPage"),
});

const cities = createRoute({
  getParentRoute: () => shell,
  path: "/prefeituras",
  validateSearch: readCitiesSearch,
  component: lazyRouteComponent(() => import("./cities/CitiesPage"), "CitiesPage"),
});

const people = createRoute({
  getParentRoute: () => shell,
  path: "/pessoas",
  validateSearch: readPeopleSearch,
  component: lazyRouteComponent(() => import("./people/PeoplePage"), "PeoplePage"),
});

const platePolicy = createRoute({
  getParentRoute: () => shell,
  path: "/guarda-de-placas",
  validateSearch: readCitySearch,
  component: lazyRouteComponent(() => import("./platePolicy/PolicyPage"), "PolicyPage"),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: "/auditoria",
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import("./audit/AuditPage"), "AuditPage"),
});

const privacy = createRoute({
  getParentRoute: () => shell,
  path: "/privacidade",
  validateSearch: readPrivacySearch,
  component: lazyRouteComponent(() => import("./privacy/PrivacyPage"), "PrivacyPage"),
});

const privacyRequest = createRoute({
  getParentRoute: () => shell,
  path: "/privacidade/pedidos/$pedido",
  component: lazyRouteComponent(() => import("./privacy/RequestPage"), "RequestPage"),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: ACCOUNT,
  component: lazyRouteComponent(() => import("./account/AccountPage"), "AccountPage"),
});

export function createHubRouter(session: AuthSession) {
  return createRouter({
    routeTree: root.addChildren([
      login,
      choosePassword,
      accept,
      shell.addChildren([
        plates,
        vehicle,
        alerts,
        watchlist,
        statistics,
        exports,
        cameras,
        cameraImport,
        plateSource,
        mosaics,
        clips,
        nodes,
        node,
        updates,
        cities,
        people,
        platePolicy,
        audit,
        privacy,
        privacyRequest,
        account,
      ]),
    ]),
    context: { session },
    // Without a parser, texts that look like numbers are not put in quotes.
    stringifySearch: stringifySearchWith(JSON.stringify),
    defaultPendingComponent: LoadingState,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createHubRouter>;
  }
}
