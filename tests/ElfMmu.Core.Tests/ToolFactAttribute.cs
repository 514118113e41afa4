using Xunit;

namespace ElfMmu.Tests;

/// <summary>A test that needs a program on the path; without it the test is skipped, and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    /// <summary>Makes one.</summary>
    /// <param name="tools">The programs' file names; all of them are needed.</param>
    public ToolFactAttribute(params string[] tools)
    {
        Tools = tools;
        var missing = tools.Where(tool => !IsOnPath(tool)).ToArray();
        if (missing.Length > 0)
        {
            Skip = "not on the path: " + string.Join(", ", missing);
        }
    }

    /// <summary>The programs' file names.</summary>
    public IReadOnlyList<string> Tools { get; }

    private static bool IsOnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, tool)) || File.Exists(Path.Combine(folder, tool + ".exe")));
}
