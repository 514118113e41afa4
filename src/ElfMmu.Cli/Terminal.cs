using ElfMmu.Cli.Output;
using ElfMmu.Dumps;

namespace ElfMmu.Cli;

/// <summary>How much is said beside the results.</summary>
internal enum Verbosity
{
    /// <summary>Only errors.</summary>
    Quiet,

    /// <summary>Warnings too.</summary>
    Normal,

    /// <summary>Choices made and statistics too.</summary>
    Verbose,
}

/// <summary>Where results and messages go, and how much is said.</summary>
/// <param name="output">Takes the results.</param>
/// <param name="error">Takes everything else.</param>
/// <param name="cancellation">Ends the work.</param>
/// <param name="errorIsTerminal">Whether <paramref name="error"/> is a terminal.</param>
internal sealed class Terminal(Utf8Output output, TextWriter error, CancellationToken cancellation, bool errorIsTerminal)
{
    public Utf8Output Output { get; } = output;

    public TextWriter Error { get; } = error;

    public CancellationToken Cancellation { get; } = cancellation;

    public bool ErrorIsTerminal { get; } = errorIsTerminal;

    public Verbosity Verbosity { get; set; } = Verbosity.Normal;

    /// <summary>The dumps that the command reads; what of them turns out to be damaged is told when it ends.</summary>
    public DamageReport Damage { get; } = new();

    /// <summary>Says what is lost or doubtful, unless asked to be quiet.</summary>
    public void Warn(string message)
    {
        if (Verbosity >= Verbosity.Normal)
        {
            Output.Flush();
            Line("warning: " + message);
        }
    }

    /// <summary>Says what was chosen or counted, when asked to be verbose.</summary>
    public void Remark(string message)
    {
        if (Verbosity >= Verbosity.Verbose)
        {
            Output.Flush();
            Line(message);
        }
    }

    /// <summary>Says what failed, in one line; where it came from only to those who ask.</summary>
    public void Fail(Exception e)
    {
        try
        {
            Output.Flush();
        }
        catch (OutputException)
        {
            // What failed first is what matters.
        }

        Line(e switch
        {
            ElfMmuException known => $"{known.Message} [{known.ErrorId}]",
            OutputException failed => $"writing the results failed: {failed.Message} [OutputFailed]",
            OperationCanceledException => "cancelled [Cancelled]",
            _ => $"unexpected {e.GetType().Name}: {e.Message} [Unexpected] (--verbose says where)",
        });
        if (Verbosity == Verbosity.Verbose && e is not (ElfMmuException or OperationCanceledException))
        {
            Error.WriteLine(e.ToString());
        }
    }

    /// <summary>Writes one line under the program's name.</summary>
    public void Line(string message) => Error.WriteLine($"{CommandLine.Name}: {DisplayText.Clean(message)}");
}
