// Dragging a family to another place on the agenda with a pointer. The same is done by the Up and Down
// buttons, which need none.

/** @param drop is told which one was dropped, and on the place (from 0) of which. */
export function draggable(drop: (id: string, place: number) => void) {
  let id = $state<string | undefined>();
  let over = $state<number | undefined>();
  return {
    /** The one that is dragged. */
    get id() {
      return id;
    },
    /** The place that it is over. */
    get over() {
      return over;
    },
    /** What makes an element the handle of the one with this id. */
    handle: (of: string) => ({
      draggable: true,
      title: 'Drag to another place',
      ondragstart(event: DragEvent) {
        id = of;
        // Nothing of a family goes to wherever else it may be dropped.
        event.dataTransfer?.setData('text/plain', '');
        if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
      },
      ondragend() {
        id = over = undefined;
      }
    }),
    /** What makes an element a place to drop on. */
    place: (at: number) => ({
      ondragover(event: DragEvent) {
        if (id === undefined) return;
        event.preventDefault();
        over = at;
      },
      ondrop(event: DragEvent) {
        event.preventDefault();
        if (id !== undefined) drop(id, at);
        id = over = undefined;
      }
    })
  };
}
