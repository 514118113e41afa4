using System.Runtime.InteropServices;
using System.Text;
using ElfMmu.Cli.Output;

namespace ElfMmu.Cli;

/// <summary>The process around the command line: its streams and its signals.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        using Stream output = StandardOutput.Open();
        using Stream errorStream = Console.OpenStandardError();
        using var error = new StreamWriter(errorStream, new UTF8Encoding(false)) { AutoFlush = true };
        return CommandLine.Run(args, output, error, cancellation.Token, errorIsTerminal: !Console.IsErrorRedirected);

        void Cancel(PosixSignalContext context)
        {
            // The first signal asks for a clean end; the second one gets what it wants.
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }
}
