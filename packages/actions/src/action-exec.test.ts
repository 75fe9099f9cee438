import { describe, expect, it } from '@jest/globals';
import { actionExec } from './action-exec.ts';

const env = { PATH: process.env['PATH'], HOME: 'kept', LANG: 'gone', GITHUB_TOKEN: 'x', INPUT_TOKEN: 'x' };
const exec = actionExec(env);

describe('actionExec', () => {
  it('gives exit code, output and errors, whatever the exit code is', async () => {
    const script = 'process.stdout.write("out"); process.stderr.write("err"); process.exit(3)';
    expect(await exec.run(process.execPath, ['-e', script])).toEqual({
      code: 3,
      stdout: 'out',
      stderr: 'err',
    });
  });

  it('hands over arguments as they are: no shell looks at them', async () => {
    const hostile = ['$(id)', '`id`', '; id', '"quoted" \\ back', ''];
    const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const { stdout } = await exec.run(process.execPath, ['-e', script, '--', ...hostile]);
    expect(JSON.parse(stdout)).toEqual(hostile);
  });

  it('feeds input and calls back with each line', async () => {
    const lines: string[] = [];
    const { stdout } = await exec.run('cat', [], { input: 'a\nb\n', onLine: (line) => lines.push(line) });
    expect(stdout).toBe('a\nb\n');
    expect(lines).toEqual(['a', 'b']);
  });

  it('gives a program what it needs and no token, adds to that and takes from it', async () => {
    const script = 'process.stdout.write(JSON.stringify(process.env))';
    const { stdout } = await exec.run(process.execPath, ['-e', script], {
      env: { LANG: undefined, MORE: 'more' },
    });
    expect(JSON.parse(stdout)).toEqual({ PATH: env.PATH, HOME: 'kept', MORE: 'more' });
  });

  it('says which program is missing', async () => {
    await expect(exec.run('no-such-program-here', [])).rejects.toThrow(
      'no-such-program-here: cannot be started',
    );
  });
});
