using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>A fact about dumps that the laboratory made; skipped, and says so, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute() => Skip = Folder != null
        ? null
        : "Needs the folder of the laboratory's dumps, with the roots.json that truth.py wrote of them, in the environment variable ELFMMU_LAB.";

    /// <summary>The folder; null for none.</summary>
    public static string? Folder =>
        Environment.GetEnvironmentVariable("ELFMMU_LAB") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "roots.json"))
            ? folder
            : null;
}
