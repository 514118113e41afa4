using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary>One of two address spaces that are compared.</summary>
/// <param name="Path">The dump as the user named it.</param>
/// <param name="Root">The physical address of the top table.</param>
/// <param name="Mappings">What it maps.</param>
internal sealed record DiffSide(string Path, ulong Root, MappingSet Mappings);
