using System.Text;

namespace ElfMmu.Cli.Tests;

/// <summary>One command line run in this process, and what came of it.</summary>
public sealed record CliRun(int Code, string Output, string Error)
{
    public static CliRun Of(params string[] args) => Of(CancellationToken.None, args);

    public static CliRun Of(CancellationToken cancellation, params string[] args)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Run(args, output, error, cancellation);
        return new CliRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>With the root and the mode of a <see cref="SyntheticDump"/>.</summary>
    public static CliRun OfRaw(string command, params string[] args) =>
        Of([command, .. args, "--root", SyntheticDump.Root, "--mode", "ia32e"]);

    /// <summary>Expects success without a word.</summary>
    public CliRun Done()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, Code);
        return this;
    }

    /// <summary>Expects a failure of one line with an identifier.</summary>
    public CliRun Failed(string errorId) => Ended(1, errorId);

    /// <summary>Expects that it says it was cancelled.</summary>
    public void Cancelled() => Ended(130, "Cancelled");

    /// <summary>Expects that nothing was found, and that this is all that is said.</summary>
    public CliRun FoundNothing(params string[] warnings)
    {
        Assert.Equal(string.Concat(warnings.Select(w => $"elfmmu: warning: {w}\n")), Error);
        Assert.Equal(3, Code);
        return this;
    }

    /// <summary>Expects a usage error that mentions something, and no results.</summary>
    public void Refused(string mentions)
    {
        Assert.Equal(2, Code);
        Assert.Contains(mentions, Error, StringComparison.Ordinal);
        Assert.Contains("--help", Error, StringComparison.Ordinal);
        Assert.Equal("", Output);
    }

    private CliRun Ended(int code, string errorId)
    {
        Assert.Equal(code, Code);
        string line = Assert.Single(Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("elfmmu: ", line, StringComparison.Ordinal);
        Assert.EndsWith($"[{errorId}]", line, StringComparison.Ordinal);
        return this;
    }
}
