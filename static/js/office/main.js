// What every page of the office may use; each part starts itself where its data-attribute stands.
import { startAutosubmit } from "./autosubmit.js";
import { startTables } from "./filter-table.js";
import { startMenus } from "./menu.js";
import { startJobs } from "./poll.js";
import { startToasts } from "./toast.js";

startMenus(document);
startTables(document);
startToasts(document);
startAutosubmit(document);
startJobs(document);

const first = document.querySelector("[data-focus]");
if (first instanceof HTMLElement) first.focus();
