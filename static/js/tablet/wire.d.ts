// Printed by `python -m outreach.field.typescript` from outreach/field/wire.py: do not edit.
// Minutes count from midnight; moments are milliseconds since 1970 UTC; days are ISO dates.

/** Somebody to ask for at a site. */
export interface ContactBody {
  name: string;
  role: string;
  phone: string;
}

/** Who must be there; ``min`` is two at least. */
export interface CrewBody {
  min: number;
  max: number | null;
  roles: RoleBody[];
}

/** The tablet belongs to the user from now on. */
export interface EnrolAnswer {
  device: string;
  token: string;
  epoch: number;
  user: EnrolledUser;
}

/** A tablet shows its one-time code. */
export interface EnrolRequest {
  code: string;
  device_name: string;
}

/** Whose tablet it is. */
export interface EnrolledUser {
  id: string;
  name: string;
}

/** Somebody opened or closed a session, or others receive from then on; never taken back. */
export interface MarkBody {
  op: string;
  kind: "open" | "swap" | "close";
  at: number;
  receivers: string[];
  doubtful: boolean;
}

/** Something that is counted. */
export interface MeasureBody {
  id: string;
  name: TwoTexts;
}

/** Where a visit went that the tablet keeps because it is under way there. */
export interface Moved {
  team: string;
  day: string;
}

/** A remark; its id is the operation's. */
export interface NoteBody {
  id: string;
  text: string;
  by: string;
  at: number;
}

/** One thing that somebody did on the tablet; nothing of it but ``dseq`` ever changes. */
export interface Operation {
  op: string;
  dseq: number;
  t: string;
  v: number;
  target: [string, string];
  args: Record<string, unknown>;
  base?: number;
  fbase?: Record<string, number>;
  user?: string;
  hlc?: string;
  at?: number;
  off?: number;
}

/** A row that is new on the tablet or has changed; the latest whole body. */
export interface Put {
  k: "round" | "visit" | "site" | "service";
  id: string;
  ver: number;
  body: RoundBody | VisitBody | SiteBody | ServiceBody;
}

/** Somebody who may be named at a session; two who share a group may not receive together. */
export interface ReceiverBody {
  id: string;
  name: string;
  initials: string;
  role: string;
  groups: string[];
  member: boolean;
  why_not: TwoTexts | null;
}

/** What became of one operation. */
export interface Result {
  op: string;
  status: "applied" | "merged" | "noop" | "conflict" | "rejected" | "failed";
  code?: string;
  conflict?: Record<string, unknown>;
}

/** How many of those who receive must have a role, and may. */
export interface RoleBody {
  role: string;
  min: number;
  max: number | null;
}

/** A team's day; ``visits`` are ids in their order. */
export interface RoundBody {
  day: string;
  team: string;
  members: string[];
  vehicle: string;
  start: number;
  end: number;
  visits: string[];
  version: number;
}

/** A service; ``bring`` names the kits to take along. */
export interface ServiceBody {
  code: string;
  name: TwoTexts;
  measures: MeasureBody[];
  bring: TwoTexts[];
}

/** A voting session: what the law says of it, resolved, and what tablets reported of it. */
export interface SessionBody {
  title: string;
  channel: string;
  opens: number | null;
  shuts: number | null;
  hours: [number, number] | null;
  cite: string;
  doors: [number, number];
  least: number;
  crew: CrewBody;
  receivers: ReceiverBody[];
  expected: number;
  desks: number;
  part: number;
  parts: number;
  marks: MarkBody[];
}

/** A site; of a secret one only the alias is here. */
export interface SiteBody {
  name: string;
  address: string;
  area: string;
  access_notes: string;
  contacts: ContactBody[];
  secret: boolean;
}

/** Results first; then, unless ``reset``, ``fork`` or ``wipe``, the difference to ``base``. */
export interface SyncAnswer {
  rid: string;
  epoch: number;
  now: number;
  results: Result[];
  base: string | null;
  view: string | null;
  head: number;
  safe: number | null;
  put?: Put[];
  del?: [string, string][];
  reset?: boolean;
  fork?: boolean;
  token?: string;
  min_app?: string;
  wipe?: boolean;
}

/** What the tablet has not sent yet, and which view it holds. */
export interface SyncRequest {
  proto: number;
  schema: number;
  app: string;
  device: string;
  line: string;
  epoch: number;
  view: string | null;
  rid: string;
  now: number;
  pending: number;
  ops: Operation[];
}

/** A line of a check list; ``ops`` are the living checks. */
export interface TaskBody {
  id: string;
  text: TwoTexts;
  mandatory: boolean;
  done: boolean;
  by: string | null;
  ops: string[];
}

/** A text in both languages. */
export interface TwoTexts {
  da: string;
  en: string;
}

/** A visit; ``round`` is null and ``moved_to`` set where it left this team's rounds. */
export interface VisitBody {
  round: string | null;
  site: string;
  day: string;
  start: number;
  end: number;
  status: string;
  reason: string;
  services: string[];
  tasks: TaskBody[];
  counts: Record<string, number>;
  notes: NoteBody[];
  seq: number;
  moved_to: Moved | null;
  session?: SessionBody;
}

export type OpKind = "visit.status" | "visit.check" | "visit.uncheck" | "count.add" | "note.add" | "op.void" | "session.open" | "session.swap" | "session.close";
