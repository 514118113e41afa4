namespace ElfMmu.Elf;

/// <summary>A register's place in a core note.</summary>
/// <param name="Name">Its name in lower case, such as rax.</param>
/// <param name="Offset">Where it stands in the description, in bytes.</param>
/// <param name="Alias">The name under which its value may also be found when writing, such as rax for eax; or null.</param>
/// <param name="Size">Its size in bytes where it isn't that of the layout's others, else 0.</param>
public readonly record struct CoreRegister(string Name, int Offset, string? Alias = null, int Size = 0);
