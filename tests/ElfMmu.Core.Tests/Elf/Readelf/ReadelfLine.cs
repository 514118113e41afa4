namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>A line as readelf would print it, made of our objects.</summary>
/// <param name="Text">The line.</param>
/// <param name="Fields">How many fields of the file stand in it; 0 for a heading.</param>
internal readonly record struct ReadelfLine(string Text, int Fields = 0);
