using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Readers of others, run by Python: Volatility 3's layers, and libkdumpfile.</summary>
internal static class OtherReaders
{
    private const string Volatility = """
        import pathlib, sys
        from volatility3.framework import contexts
        from volatility3.framework.layers import elf, physical, vmware, xen
        context = contexts.Context()
        def add(name, path):
            context.config[name + ".location"] = pathlib.Path(path).resolve().as_uri()
            context.add_layer(physical.FileLayer(context, name, name))
        kind, addresses, path = sys.argv[1], sys.argv[2], sys.argv[3]
        add("file", path)
        context.config["memory.base_layer"] = "file"
        if kind == "vmware":
            add("state", sys.argv[4])
            context.config["memory.meta_layer"] = "state"
        layer = {"vmware": vmware.VmwareLayer, "elf": elf.Elf64Layer, "xen": xen.XenCoreDumpLayer}[kind](context, "memory", "memory")
        context.add_layer(layer)
        for line in open(addresses):
            address = int(line, 16)
            print(layer.read(address, 32).hex() if layer.is_valid(address, 32) else "absent")
        """;

    private const string Kdump = """
        import sys
        import kdumpfile
        dump = kdumpfile.kdumpfile(sys.argv[2])
        for line in open(sys.argv[1]):
            try:
                print(dump.read(kdumpfile.KDUMP_MACHPHYSADDR, int(line, 16), 32).hex())
            except kdumpfile.exceptions.NoDataException:
                print("absent")
        for name in sys.argv[3:]:
            print(hex(dump.attr["cpu.0.reg." + name]))
        """;

    /// <summary>32 bytes at each address in hex, or "absent", as Volatility 3 reads them.</summary>
    /// <param name="kind"><c>vmware</c>, <c>elf</c> or <c>xen</c>.</param>
    /// <param name="folder">For the list.</param>
    /// <param name="addresses">The addresses.</param>
    /// <param name="files">The dump, and the state of a VMware machine.</param>
    public static string[] ReadByVolatility(string kind, TempFolder folder, IEnumerable<ulong> addresses, params string[] files) =>
        Lines(Tools.Run(Tools.VolatilityPython!, ["-c", Volatility, kind, List(folder, addresses), .. files]));

    /// <summary>The same as libkdumpfile reads them, followed by registers of the first processor.</summary>
    public static string[] ReadByKdumpfile(TempFolder folder, IEnumerable<ulong> addresses, string file, params string[] registers) =>
        Lines(Tools.Run(Tools.KdumpPython!, ["-c", Kdump, List(folder, addresses), file, .. registers]));

    private static string List(TempFolder folder, IEnumerable<ulong> addresses) =>
        folder.Write("addresses.txt", string.Join('\n', addresses.Select(a => $"{a:x}")));

    private static string[] Lines(ToolResult read) => read.ExitCode == 0
        ? read.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        : throw new IOException(read.Errors);
}
