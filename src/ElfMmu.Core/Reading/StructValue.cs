namespace ElfMmu.Reading;

/// <summary>The values of a structure's fields.</summary>
/// <param name="Shape">Which structure.</param>
/// <param name="Values">The values, one for each field and in the same order; see <see cref="StructField.Decode"/>.</param>
public sealed record StructValue(StructShape Shape, IReadOnlyList<object> Values);
