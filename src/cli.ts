/** The `sojourn` command. Each subcommand stands in `src/commands/`, and what they share in `src/commands/output.ts`. */
import { program } from './commands';

const sojourn = await program(process.argv.slice(2));
await sojourn.parseAsync(process.argv);
