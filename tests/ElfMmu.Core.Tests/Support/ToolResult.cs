namespace ElfMmu.Tests.Support;

/// <summary>How a program ended and what it said.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Lines that complain, on either stream.</summary>
    public IEnumerable<string> Complaints => (Output + "\n" + Errors).Split('\n')
        .Where(l => l.Contains("warning", StringComparison.OrdinalIgnoreCase)
            || l.Contains("error", StringComparison.OrdinalIgnoreCase));
}
