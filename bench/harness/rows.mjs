/**
 * A row of the results: what millrace costs (`ours`) against something (`against`, at `theirs`).
 *
 * `ratio` is cost over cost, so that less is better, also where the values are rates. `target` is the
 * most it may be, `bound` the most that the smoke run lets pass: twice the target.
 */
export function row({ what, unit, ours, against, theirs, target, isRate = false, bound }) {
  const ratio = isRate ? theirs / ours : ours / theirs;
  return {
    what,
    unit,
    ours,
    against,
    theirs,
    ratio,
    ...(target !== undefined && { target, bound: bound ?? 2 * target }),
  };
}

/**
 * The rows of one race: millrace against each of its peers.
 * @param costs name → what it cost; `ours` is the name that stands for millrace.
 * @param options.targets name of a peer → the most the ratio may be.
 * @param options.value makes of a cost what is shown.
 */
export function rowsOf(
  costs,
  { what, unit, ours = 'millrace', targets = {}, isRate, value = (cost) => cost },
) {
  const peers = Object.keys(costs).filter((name) => name !== ours);
  return peers.map((against) =>
    row({
      what,
      unit,
      ours: value(costs[ours]),
      against,
      theirs: value(costs[against]),
      target: targets[against],
      isRate,
    }),
  );
}

/** Growth of a cost: the exponent of n over a factor, which is 1 where the cost is linear. */
export function exponentRow({ what, factor, small, large }) {
  const exponent = Math.log(large / small) / Math.log(factor);
  return row({
    what,
    unit: 'exponent',
    ours: exponent,
    against: 'linear',
    theirs: 1,
    // What is fixed pulls it below 1, memory that falls out of the caches a little above.
    target: 1.1,
    bound: 1.5,
  });
}

/** A size or a figure that has a ceiling of its own. */
export function ceilingRow({ what, unit, ours, ceiling, against = 'ceiling' }) {
  return row({ what, unit, ours, against, theirs: ceiling, target: 1 });
}
