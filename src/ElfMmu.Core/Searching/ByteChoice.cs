namespace ElfMmu.Searching;

/// <summary>A part of a pattern that must be one of two: the two forms of a letter.</summary>
/// <param name="Offset">Where it stands.</param>
/// <param name="One">One form.</param>
/// <param name="Other">The other one, as long.</param>
internal readonly record struct ByteChoice(int Offset, byte[] One, byte[] Other);
