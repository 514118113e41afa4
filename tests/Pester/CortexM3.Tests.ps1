BeforeDiscovery {
    $lint = [bool](Get-Command eu-elflint -ErrorAction Ignore)
    $gdb = [bool](Get-Command gdb-multiarch -ErrorAction Ignore)
    $qemu = [bool](Get-Command qemu-system-arm -ErrorAction Ignore)
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $program = "$TestDrive/hello.elf"
    $null = & "$repository/docs/examples/cortex-m3.ps1" $program

    # Runs GDB on the program and gives what it says as one text.
    function Invoke-Gdb {
        $arguments = foreach ($command in $args) { '-ex', $command }
        (gdb-multiarch -nx -batch -ex 'set pagination off' @arguments $program 2>&1) -join "`n"
    }
}

Describe 'The example program for a Cortex-M3' {
    It 'is an executable of the embedded ABI' {
        $header = Get-ElfHeader $program
        $header.Type, $header.Machine, $header.Class | Should -Be Executable, Arm, Elf32
        $header.Flags | Should -Be 0x05000000
        $header.EntryPoint | Should -Be 0x41
        $header.Warnings | Should -BeNullOrEmpty
    }

    It 'comes out of its model again' {
        $file = [ElfMmu.Elf.ElfFile]::Open($program)
        try {
            $model = [ElfMmu.Elf.Writing.ElfModel]::Read($file)
            [Convert]::ToHexString($model.ToArray()) | Should -Be ([Convert]::ToHexString([IO.File]::ReadAllBytes($program)))
            $main = $model.Symbols | Where-Object Name -EQ main
            $main.Value | Should -Be 0x8d
            ($model.Symbols | Where-Object Name -In '$t', '$d').Count | Should -Be 8
            $model.Segments[1].PhysicalAddress, $model.Segments[1].VirtualAddress | Should -Be 0xe0, 0x20000000
        }
        finally {
            $file.Dispose()
        }
    }

    It 'has the code of its source' -Skip:(-not (Get-Command arm-linux-gnueabihf-as, arm-linux-gnueabihf-objcopy -ErrorAction Ignore)) {
        $source = @('.syntax unified', '.cpu cortex-m3', '.thumb', '.global main') + (Get-Content "$repository/docs/examples/cortex-m3/startup.s") +
            '.ltorg', '.space 0xc', 'main:'
        Set-Content "$TestDrive/startup.s" $source
        arm-linux-gnueabihf-as -mcpu=cortex-m3 -mthumb -o "$TestDrive/startup.o" "$TestDrive/startup.s"
        arm-linux-gnueabihf-objcopy -O binary -j .text "$TestDrive/startup.o" "$TestDrive/startup.bin"
        $wanted = [IO.File]::ReadAllBytes("$TestDrive/startup.bin")
        $file = [ElfMmu.Elf.ElfFile]::Open($program)
        $bytes = $file.Content(2)
        $file.Dispose()

        # The call of main is the linker's to fill in.
        foreach ($index in 0..0x3f | Where-Object { $_ -notin 0x26..0x29 }) {
            $bytes[$index] | Should -Be $wanted[$index] -Because "it is at 0x$('{0:x}' -f ($index + 0x40))"
        }
    }

    It 'has nothing that eu-elflint minds' -Skip:(-not $lint) {
        eu-elflint $program | Should -Be 'No errors'
    }

    It 'has nothing that readelf minds' -Skip:(-not (Get-Command readelf -ErrorAction Ignore)) {
        $said = readelf -aW --debug-dump=info,line,frames,aranges $program 2>&1
        $said | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty
        $said -match 'warning:' | Should -BeNullOrEmpty
        $said -match 'Tag_CPU_name: "Cortex-M3"' | Should -Not -BeNullOrEmpty
    }

    It 'tells GDB its functions, lines and types' -Skip:(-not $gdb) {
        $said = Invoke-Gdb 'info symbol main' 'list main' 'break main' 'print ticks' 'ptype ticks' 'info scope put' 'info line put'
        $said | Should -Match 'main in section \.text'
        $said | Should -Match '18\s+for \(const char \*text = "Hello from Cortex-M3'
        $said | Should -Match 'Breakpoint 1 at 0x8e: file main\.c, line 18'
        $said | Should -Match '\{count = 0, step = 2, name = "ticks"\}'
        $said | Should -Match 'struct counter \{\s+unsigned int count;\s+unsigned short step;\s+char name\[6\];'
        $said | Should -Match 'Symbol c is a variable in \$r0'
        $said | Should -Match 'Line 12 of "main\.c" starts at address 0x80 <put>'
    }

    It 'runs' -Skip:(-not $qemu) {
        $said = timeout 60 qemu-system-arm -M lm3s6965evb -display none -monitor none -serial stdio -semihosting -kernel $program 2>$null
        $LASTEXITCODE | Should -Be 0
        $said | Should -Be 'Hello from Cortex-M3'
    }

    It 'stops at a breakpoint by line, and shows its variables and its caller' -Skip:(-not ($gdb -and $qemu)) {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()
        $board = Start-Process timeout -PassThru -RedirectStandardOutput "$TestDrive/board.txt" -RedirectStandardError "$TestDrive/board.err" -ArgumentList @(
            '120', 'qemu-system-arm', '-M', 'lm3s6965evb', '-display', 'none', '-monitor', 'none', '-serial', 'stdio', '-semihosting',
            '-kernel', $program, '-S', '-gdb', "tcp:127.0.0.1:$port")
        try {
            $said = Invoke-Gdb 'set tcp connect-timeout 60' "target remote 127.0.0.1:$port" 'break put' 'break main.c:23' continue backtrace 'print c' 'delete 1' continue 'print ticks' continue 'print totals' delete continue
            $said | Should -Match 'Reset_Handler \(\) at startup\.s:3'
            $said | Should -Match "#0\s+put \(c=72 'H'\) at main\.c:13\s+#1\s+0x0*96 in main \(\) at main\.c:19"
            $said | Should -Match 'Breakpoint 2, main \(\) at main\.c:23'
            $said | Should -Match '\{count = 0, step = 2, name = "ticks"\}'
            $said | Should -Match '\{2, 0, 0, 0\}'
            $said | Should -Match 'exited normally'
            $board.WaitForExit(60000) | Should -BeTrue
        }
        finally {
            if (-not $board.HasExited) { $board.Kill($true) }
        }
    }
}
