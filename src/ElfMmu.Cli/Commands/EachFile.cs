using ElfMmu.Cli.Output;

namespace ElfMmu.Cli.Commands;

/// <summary>Does the same to several files; one that fails doesn't stop the others.</summary>
internal static class EachFile
{
    /// <summary>Does it.</summary>
    /// <returns>The exit code: failed if any of them did.</returns>
    public static int Run(IReadOnlyList<string> paths, Terminal terminal, Action<string> action)
    {
        int code = ExitCode.Done;
        foreach (string path in paths)
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            try
            {
                action(path);
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
