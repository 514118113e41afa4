namespace ElfMmu.Spaces;

/// <summary>What there is to say about a walk, or about what is kept of one.</summary>
/// <param name="Remark">What it came across, for the verbose stream.</param>
/// <param name="Warnings">What it lost or makes doubtful, for the warning stream.</param>
public sealed record WalkReport(string Remark, IReadOnlyList<string> Warnings);
