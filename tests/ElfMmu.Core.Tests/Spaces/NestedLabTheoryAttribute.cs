using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>A theory over the dumps of hypervisors that the laboratory made; skipped, and says so, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NestedLabTheoryAttribute : TheoryAttribute
{
    private static readonly string[] Names =
        ["debian-x64-nested", "debian-x64-la57-nested", "debian-riscv64-nested", "debian-arm64-nested"];

    public NestedLabTheoryAttribute() => Skip = Folder != null
        ? null
        : $"Needs the folder of the laboratory's dumps, with {string.Join(", ", Names)}, in the environment variable ELFMMU_LAB.";

    /// <summary>The folder; null for none.</summary>
    public static string? Folder =>
        Environment.GetEnvironmentVariable("ELFMMU_LAB") is { Length: > 0 } folder
        && Names.All(n => File.Exists(Path.Combine(folder, n, "meta.json")))
            ? folder
            : null;
}
