// Plays the beginning of the demonstration's meeting over the real wires, so that a newcomer lands on
// something alive and everything in it has an author.
import { createHash } from 'node:crypto';
import { addAction, addQuestion, appendParagraphs } from '#lib/card/edit.ts';
import { canonicalAction } from '#lib/domain/action.ts';
import { Actor } from '../invented/actor.ts';
import { demoId, emailOf, password, people, type DemoPerson } from './people.ts';
import { stories, type CardStory } from './words.ts';

interface CardAnswer {
  readonly members: readonly { readonly id: string; readonly role: string }[];
}

const agencyId = (code: string) => demoId('agency', code);
const repOf = (code: string) => people.find((person) => person.agency === code && person.role === 'rep');
const dayFrom = (today: Date, days: number) =>
  new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10);

/**
 * @param origin where the server listens
 * @param chair who is signed in already
 * @param cards the cards on the agenda by the police's occurrence number
 */
export async function play(
  origin: string,
  chair: Actor,
  meetingId: string,
  cards: ReadonlyMap<string, string>,
  today: Date
): Promise<void> {
  const cast = new Map<string, Actor>();
  const enter = async (person: DemoPerson | undefined): Promise<Actor> => {
    if (!person) throw new Error('The demonstration lacks somebody');
    const known = cast.get(person.name);
    if (known) return known;
    const actor = await Actor.signIn(origin, emailOf(person), password);
    await actor.enter(meetingId, person.agency === 'PRO' || person.agency === 'MHT' ? 'remote' : 'room');
    cast.set(person.name, actor);
    return actor;
  };
  await chair.enter(meetingId, 'room');
  await chair.does({ type: 'meeting.open' });
  for (const story of stories) {
    const cardId = cards.get(story.occurrence);
    if (cardId) await tell(story, cardId);
  }
  const first = cards.get(stories[0]?.occurrence ?? '');
  if (first) await chair.does({ type: 'card.show', cardId: first });
  for (const actor of [chair, ...cast.values()]) actor.leave();

  async function tell(story: CardStory, cardId: string): Promise<void> {
    const { members } = await chair.get<CardAnswer>(`/api/cards/${cardId}`);
    const victim = members.find((member) => member.role === 'victim')?.id ?? null;
    const document = `cards/${cardId}`;
    for (const code of new Set(story.said.map((said) => said.agency)))
      await (
        await enter(repOf(code))
      ).writes(meetingId, document, (doc) => {
        for (const { part, lines } of story.said.filter((said) => said.agency === code))
          appendParagraphs(doc, `agency/${agencyId(code)}`, `family/${part}`, lines);
      });
    if (story.worries || story.actions)
      await (
        await enter(repOf('IDV'))
      ).writes(meetingId, document, (doc) => {
        appendParagraphs(doc, 'analysis', 'worries', story.worries ?? []);
        appendParagraphs(doc, 'analysis', 'strengths', story.strengths ?? []);
        if (story.question)
          addQuestion(doc, { text: story.question.text, agencyId: agencyId(story.question.agency) });
      });
    for (const planned of story.actions ?? []) {
      const action = {
        what: planned.what,
        agencyId: agencyId(planned.agency),
        by: dayFrom(today, planned.days),
        memberId: victim
      };
      const owner = await enter(repOf(planned.agency));
      const actionId = await owner.writes(meetingId, document, (doc) => addAction(doc, action));
      const reading = createHash('sha256').update(canonicalAction(action)).digest('hex');
      if (planned.accepted) await owner.does({ type: 'action.accept', cardId, actionId, reading });
    }
    for (const { agency, rating } of story.ratings ?? [])
      await (
        await enter(repOf(agency))
      ).does({ type: 'rating.set', cardId, memberId: null, rating, basis: 'own-record' });
    for (const { agency, record } of story.records ?? [])
      if (victim)
        await (await enter(repOf(agency))).does({ type: 'record.set', cardId, memberId: victim, record });
  }
}
