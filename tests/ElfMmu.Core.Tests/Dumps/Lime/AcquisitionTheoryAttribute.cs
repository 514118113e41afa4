using Xunit;

namespace ElfMmu.Tests.Dumps.Lime;

/// <summary>A theory over what was taken in a guest; skipped, with a line that says so, where that isn't there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AcquisitionTheoryAttribute : TheoryAttribute
{
    public AcquisitionTheoryAttribute() => Skip = Folder is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "before.elf"))
        ? null
        : "Needs the folder that ELFMMU_ACQUISITIONS names, with what tests/lab/acquire.py takes.";

    /// <summary>The folder.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable("ELFMMU_ACQUISITIONS");
}
