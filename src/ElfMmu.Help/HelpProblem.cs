namespace ElfMmu.Help;

/// <summary>Something that is wrong with the help pages.</summary>
/// <param name="Path">The page or assembly.</param>
/// <param name="Line">The line in it, from 1; 0 where there is none.</param>
/// <param name="Message">What is wrong, and what to do about it.</param>
public sealed record HelpProblem(string Path, int Line, string Message)
{
    /// <summary>The problem as MSBuild recognises errors, so that it fails a build and shows up at its line.</summary>
    public override string ToString() => $"{Path}({Math.Max(1, Line)}): error HELP: {Message}";
}
