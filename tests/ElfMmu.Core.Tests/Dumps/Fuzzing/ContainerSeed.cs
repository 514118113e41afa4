namespace ElfMmu.Tests.Dumps.Fuzzing;

/// <summary>A small sound dump.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="Bytes">Its file, which is damaged.</param>
/// <param name="Beside">Files that lie beside it, by name.</param>
internal sealed record ContainerSeed(string Name, byte[] Bytes, params (string Name, byte[] Bytes)[] Beside);
