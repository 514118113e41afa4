namespace ElfMmu.Elf.Notes;

/// <summary>One property of a file (Linux Extensions to gABI, ".note.gnu.property").</summary>
/// <param name="Type">Which one (pr_type).</param>
/// <param name="TypeName">Its name, such as GNU_PROPERTY_X86_FEATURE_1_AND.</param>
/// <param name="Value">Its number; null where it has none, or more than one.</param>
/// <param name="Features">The words for the bits that are set, such as IBT and SHSTK; empty for what isn't a set of bits.</param>
/// <param name="Text">It in words, as readelf prints it.</param>
public sealed record GnuProperty(uint Type, string TypeName, ulong? Value, IReadOnlyList<string> Features, string Text);
