using ElfMmu.Dumps;

namespace ElfMmu.Windows;

/// <summary>What was found in a Windows crash dump.</summary>
/// <param name="Cpus">The processors.</param>
/// <param name="Mode">The paging mode that led to them; null where nothing did.</param>
internal sealed record FoundProcessors(IReadOnlyList<Cpu> Cpus, string? Mode);
