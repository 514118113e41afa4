using System.Diagnostics;

namespace ElfMmu.Tests.Elf;

/// <summary>Runs another program, to compare with what it says.</summary>
internal static class Tool
{
    public static (string Output, string Errors) Run(string name, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, errors.Result);
    }
}
