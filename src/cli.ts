/** The `sojourn` command. Each subcommand stands in `src/commands/`; here is what they share: output and exit codes. */
import { program } from './commands';

await program().parseAsync(process.argv);
