// esbuild gives the address of the file that it serves.
declare module "*.svg" {
  const address: string;
  export default address;
}
