import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';

import { installDebian } from './installDebian.ts';
import { runProgram } from './runProgram.ts';

export interface ServerCertificate {
  /** PEM, as for `https.createServer`. */
  readonly cert: string;
  readonly key: string;
}

/** A private authority, as companies have behind their proxies. */
export interface CertificateAuthority {
  /** The authority's own certificate, a PEM file. */
  readonly caPath: string;
  /** That certificate together with those of this machine's store. */
  readonly bundlePath: string;
  /**
   * The environment of a process whose system store knows this authority: OpenSSL, and with it
   * Node's `tls.getCACertificates('system')`, reads this file instead of the machine's own.
   */
  readonly trustEnvironment: { readonly SSL_CERT_FILE: string };
  /** Makes a certificate for these names and addresses. */
  issue(hosts?: readonly string[]): Promise<ServerCertificate>;
}

const machineBundle = '/etc/ssl/certs/ca-certificates.crt';
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];

/** Makes a private certificate authority in a folder; nothing of the machine's own is changed. */
export async function makeCertificateAuthority(folder: string): Promise<CertificateAuthority> {
  const openssl = await installDebian('openssl');
  await mkdir(folder, { recursive: true });
  const caPath = join(folder, 'ca.pem');
  const caKeyPath = join(folder, 'ca.key');
  await runProgram(openssl, [
    ...['req', '-x509', ...newKey, '-subj', '/CN=Image Studio Test Authority'],
    ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ...['-keyout', caKeyPath, '-out', caPath],
  ]);
  const bundlePath = join(folder, 'bundle.pem');
  const known = await readFile(machineBundle, 'utf8').catch(() => '');
  await writeFile(bundlePath, `${known}\n${await readFile(caPath, 'utf8')}`);
  let serial = 0;
  return {
    caPath,
    bundlePath,
    trustEnvironment: { SSL_CERT_FILE: bundlePath },
    issue: async (hosts = ['127.0.0.1', '127.0.0.2', 'localhost']) => {
      serial += 1;
      const certPath = join(folder, `server-${String(serial)}.pem`);
      const keyPath = join(folder, `server-${String(serial)}.key`);
      const names = hosts.map((host) => `${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}`);
      await runProgram(openssl, [
        ...['req', '-x509', '-CA', caPath, '-CAkey', caKeyPath, ...newKey],
        ...['-subj', `/CN=${hosts[0] ?? 'server'}`],
        ...['-addext', `subjectAltName=${names.join(',')}`],
        ...['-addext', 'basicConstraints=critical,CA:FALSE'],
        ...['-addext', 'extendedKeyUsage=serverAuth'],
        ...['-keyout', keyPath, '-out', certPath],
      ]);
      const [cert, key] = await Promise.all([
        readFile(certPath, 'utf8'),
        readFile(keyPath, 'utf8'),
      ]);
      return { cert, key };
    },
  };
}
