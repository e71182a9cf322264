/* Runs one benchmark and tells its rows. Arguments: its name, and the mode. */
process.once('disconnect', () => process.exit());

const [name, mode] = process.argv.slice(2);
const { title, modes, run } = await import(`./benchmarks/${name}.mjs`);
if (mode in modes) {
  const rows = await run(modes[mode]);
  process.send({ title, modes, rows }, () => process.disconnect());
} else {
  process.disconnect();
}
