// Opens everything the process holds, once and in order, and closes it the other way round.
import { openTrail, type Trail } from './audit/trail.ts';
import type { Config } from './config.ts';
import { openDatabase, type Database } from './database/database.ts';
import { openDecisions, type Decisions } from './decisions/decisions.ts';
import { openDemonstration, type Demonstration } from './demo/area.ts';
import { openFamilies, type Families } from './families/families.ts';
import { openFollowup, type Followup } from './followup/followup.ts';
import { openDeviceKeys, type DeviceKeyBook } from './identity/device-keys.ts';
import { openIdentity, type Identity } from './identity/identity.ts';
import { openLegends, type Legends } from './identity/legends.ts';
import { openPeople, type People } from './identity/people.ts';
import { openSettings, type Settings } from './identity/settings.ts';
import { openIntake, type Intake } from './intake/intake.ts';
import { openSamples, type Samples } from './intake/samples.ts';
import { openLog, plainError, type Log } from './log.ts';
import { openMetrics, type Metrics } from './metrics/metrics.ts';
import { openMeetings, type Meetings } from './meetings/meetings.ts';
import { openReports, type Reports } from './reports/reports.ts';
import { openRehearsals, type Rehearsals } from './rehearsal/rehearsals.ts';
import { openSchedule, type Schedule } from './schedule/schedule.ts';
import { openJudge } from './meetings/door.ts';
import { openSync, type Sync } from './sync/sync.ts';

export interface Services {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly identity: Identity;
  readonly deviceKeys: DeviceKeyBook;
  readonly people: People;
  readonly settings: Settings;
  readonly legends: Legends;
  readonly trail: Trail;
  readonly demonstration: Demonstration;
  readonly families: Families;
  readonly intake: Intake;
  readonly samples: Samples;
  readonly sync: Sync;
  readonly decisions: Decisions;
  readonly meetings: Meetings;
  readonly schedule: Schedule;
  readonly followup: Followup;
  readonly reports: Reports;
  readonly rehearsals: Rehearsals;
}

export interface OpenServices {
  readonly services: Services;
  close(): Promise<void>;
}

/** Opens the services that `config` describes. Whoever calls it calls `close` when done. */
export async function openServices(config: Config): Promise<OpenServices> {
  const log = openLog(config);
  const metrics = openMetrics();
  const { measure } = metrics;
  const database = await openDatabase(config);
  const identity = openIdentity({ config, database });
  const deviceKeys = openDeviceKeys({ database, log });
  const people = openPeople({ database, identity });
  const families = openFamilies({ database });
  const intake = openIntake({ database, changed: families.changed });
  const { sessionOf } = identity;
  const sync = openSync({
    database,
    log,
    config,
    measure,
    sessionOf,
    judge: openJudge(database.db)
  });
  const decisions = openDecisions({ database, sync });
  const meetings = openMeetings({ database, log, config, measure, sessionOf, sync, decisions });
  const schedule = openSchedule({ database, sync });
  schedule.onChanged((meetingId) => {
    meetings
      .changed(meetingId)
      .catch(() => log.error({ meetingId }, 'a changed agenda was not told to its board'));
  });
  families.onChanged((areaId) =>
    schedule
      .follow(areaId)
      .catch((error: unknown) =>
        log.error({ areaId, error: plainError(error) }, 'cards do not follow their families')
      )
  );
  identity.onEnded((ended) => {
    sync.rejudge(ended);
    void meetings.rejudge(ended);
    deviceKeys
      .ended(ended)
      .catch((error: unknown) =>
        log.error({ error: plainError(error) }, 'device keys were not given an end')
      );
  });
  const rehearsals = openRehearsals({
    database,
    config,
    log,
    intake,
    schedule,
    rejudge(whose) {
      sync.rejudge(whose);
      return meetings.rejudge(whose);
    }
  });
  const idle = setInterval(
    () =>
      void identity
        .endIdle()
        .catch((error: unknown) => log.error({ error: plainError(error) }, 'idle sessions were not ended')),
    30_000
  );
  idle.unref();
  return {
    services: {
      config,
      log,
      metrics,
      database,
      identity,
      deviceKeys,
      people,
      settings: openSettings(database),
      legends: openLegends(database),
      trail: openTrail(database),
      demonstration: openDemonstration(database),
      families,
      intake,
      samples: openSamples(),
      sync,
      decisions,
      meetings,
      schedule,
      followup: openFollowup({ database, config }),
      reports: openReports({ database }),
      rehearsals
    },
    async close() {
      clearInterval(idle);
      deviceKeys.close();
      await rehearsals.close();
      await meetings.close();
      await sync.close();
      await database.close();
      metrics.close();
    }
  };
}
