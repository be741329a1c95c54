// What every page of the shell runs. Each island stands alone: a page without script works, only less comfortably.
import "htmx.org";
import { startBusy } from "./busy";
import { startComfort } from "./comfort";
import { startFileDrop } from "./drop";
import { startFind } from "./find";
import { startReveal } from "./reveal";
import { startToasts } from "./toasts";

startFind(document);
startBusy(document);
startReveal(document);
startFileDrop(document);
startComfort(document);
startToasts(document);
