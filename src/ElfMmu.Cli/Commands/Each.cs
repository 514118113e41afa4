using ElfMmu.Cli.Output;

namespace ElfMmu.Cli.Commands;

/// <summary>Does the same to several things; one that fails doesn't stop the others.</summary>
internal static class Each
{
    /// <summary>Does it.</summary>
    /// <returns>The exit code: failed if any of them did.</returns>
    public static int Run<T>(IReadOnlyList<T> items, Terminal terminal, Action<T> action) => Run(items, terminal, item =>
    {
        action(item);
        return ExitCode.Done;
    });

    /// <summary>Does it, where the work on one may fail in part.</summary>
    /// <returns>The exit code: failed if any of them did.</returns>
    public static int Run<T>(IReadOnlyList<T> items, Terminal terminal, Func<T, int> action)
    {
        int code = ExitCode.Done;
        foreach (T item in items)
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            try
            {
                code = Math.Max(code, action(item));
                terminal.Output.Flush();
            }
            catch (Exception e) when (e is not (OperationCanceledException or OutputException))
            {
                terminal.Fail(e);
                code = ExitCode.Failed;
            }
        }

        return code;
    }
}
